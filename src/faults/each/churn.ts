import { sleep } from '../../metrics/sleep.ts';
import { liveMembers } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

/** From all members down to one, and up again: half of the time for each way. */
export const churn: Fault = {
  kind: 'churn',
  aim: (target, { random, durationMs }) => ({
    text: 'all members but one',
    begin: (signal) => {
      const { supervisor, membersMax } = target;
      const stepMs = durationMs / (2 * membersMax);
      const walk = async (): Promise<void> => {
        for (let live = liveMembers(target); live.length > 1 && !signal.aborted; live = liveMembers(target)) {
          const leaving = live[Math.floor(random() * live.length)];
          if (leaving === undefined) break;
          await Promise.all([supervisor.drainMember(leaving.memberId), sleep(stepMs)]);
        }
        while (liveMembers(target).length < membersMax) {
          supervisor.addMember();
          if (!signal.aborted) await sleep(stepMs);
        }
      };
      const walked = walk();
      walked.catch(() => undefined);
      return Promise.resolve(() => walked);
    },
  }),
};
