import type { InjectedFailure } from '../../protocol/messages.ts';
import { chooseMember, type FaultTarget } from '../fault-target.ts';
import type { FaultChoice } from '../fault-choice.ts';
import type { Fault } from '../fault.ts';
import type { FaultKind } from '../kinds.ts';

/** A fault that a member is told to have; it has it with a batch in hand, and it ends by itself. */
export function sabotage(kind: FaultKind, how: (choice: FaultChoice, target: FaultTarget) => InjectedFailure): Fault {
  return {
    kind,
    aim: (target, choice) => {
      const member = chooseMember(target, choice);
      if (member === undefined) return undefined;
      const { memberId } = member;
      return {
        text: `member ${memberId}`,
        members: [memberId],
        begin: () => {
          target.supervisor.injectFailure(memberId, how(choice, target));
          return Promise.resolve(undefined);
        },
      };
    },
  };
}
