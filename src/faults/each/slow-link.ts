import type { Obstacle } from '../link-rules.ts';
import { brokerIds, chooseMember, clientIdPrefix } from '../fault-target.ts';
import type { Fault } from '../fault.ts';
import type { FaultKind } from '../kinds.ts';

/** A member whose way to all brokers is slow, both ways. */
export function slowLink(
  kind: FaultKind,
  obstacle: (random: () => number) => { readonly text: string; readonly obstacle: Partial<Obstacle> },
): Fault {
  return {
    kind,
    aim: (target, choice) => {
      const member = chooseMember(target, choice);
      const { proxy } = target;
      if (member === undefined || proxy === undefined) return undefined;
      const { memberId } = member;
      const slow = obstacle(choice.random);
      return {
        text: `member ${memberId}, ${slow.text}`,
        members: [memberId],
        begin: () => {
          const heal = proxy.add({
            clientIdPrefix: clientIdPrefix(target, memberId),
            nodeIds: brokerIds(target),
            toBroker: slow.obstacle,
            toMember: slow.obstacle,
          });
          return Promise.resolve(() => {
            heal();
            return Promise.resolve();
          });
        },
      };
    },
  };
}
