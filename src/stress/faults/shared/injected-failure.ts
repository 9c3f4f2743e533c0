import type { InjectedFailure } from '../../../protocol/messages.ts';
import { chooseMember, type FaultChoice, type FaultWorld } from '../fault-world.ts';
import type { Aim } from '../fault.ts';

/** Makes a member fail from within while it holds a batch. Nothing has to be undone. */
export function injectedFailure(world: FaultWorld, choice: FaultChoice, failure: InjectedFailure): Aim | undefined {
  const member = chooseMember(world, choice);
  if (member === undefined) return undefined;
  const { memberId } = member;
  return {
    text: `member ${memberId}`,
    members: [memberId],
    begin: () => {
      world.supervisor.injectFailure(memberId, failure);
      return Promise.resolve(undefined);
    },
  };
}
