import { brokerIds, chooseMember, clientIdPrefix, type FaultChoice, type FaultWorld } from '../fault-world.ts';
import type { Aim } from '../fault.ts';
import type { Obstacle } from '../link-rules.ts';

/** A member whose link to all brokers is slow, in both directions. */
export function slowLink(
  world: FaultWorld,
  choice: FaultChoice,
  drawObstacle: (random: () => number) => { readonly text: string; readonly obstacle: Partial<Obstacle> },
): Aim | undefined {
  const member = chooseMember(world, choice);
  const { proxy } = world;
  if (member === undefined || proxy === undefined) return undefined;
  const { memberId } = member;
  const { text, obstacle } = drawObstacle(choice.random);
  return {
    text: `member ${memberId}, ${text}`,
    members: [memberId],
    begin: () => {
      const heal = proxy.add({
        clientIdPrefix: clientIdPrefix(world, memberId),
        nodeIds: brokerIds(world),
        toBroker: obstacle,
        toMember: obstacle,
      });
      return Promise.resolve(() => {
        heal();
        return Promise.resolve();
      });
    },
  };
}
