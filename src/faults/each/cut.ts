import { clientIdPrefix, type FaultTarget } from '../fault-target.ts';
import type { FaultChoice } from '../fault-choice.ts';
import type { Aim } from '../fault.ts';

/** Cuts a member off from brokers, in both directions or, each in a quarter of the cases, in one only. */
export function cut(
  target: FaultTarget,
  { random }: FaultChoice,
  link: { readonly memberId: number; readonly nodeIds: readonly number[] },
): Aim | undefined {
  const { proxy } = target;
  if (proxy === undefined) return undefined;
  const draw = random();
  const closed = { closed: true };
  const ways = {
    ...(draw < 0.75 ? { toBroker: closed } : {}),
    ...(draw < 0.5 || draw >= 0.75 ? { toMember: closed } : {}),
  };
  const direction = draw < 0.5 ? '' : draw < 0.75 ? ', requests only' : ', answers only';
  return {
    text: `member ${link.memberId} and broker ${link.nodeIds.join(', ')}${direction}`,
    members: [link.memberId],
    begin: () => {
      const clientId = clientIdPrefix(target, link.memberId);
      const heal = proxy.add({ clientIdPrefix: clientId, nodeIds: link.nodeIds, ...ways });
      return Promise.resolve(() => {
        heal();
        return Promise.resolve();
      });
    },
  };
}
