import { sleep } from '../../metrics/sleep.ts';
import { liveMembers } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

/** One after the other leaves and is followed by a new one, as when a service is deployed. */
export const rollingRestart: Fault = {
  kind: 'rolling-restart',
  aim: (target, { durationMs }) => ({
    text: 'all members, one after the other',
    begin: (signal) => {
      const { supervisor } = target;
      const before = liveMembers(target);
      const roll = async (): Promise<void> => {
        for (const { memberId } of before) {
          if (signal.aborted) return;
          await supervisor.drainMember(memberId);
          supervisor.addMember();
          await sleep(durationMs / before.length);
        }
      };
      const rolled = roll();
      rolled.catch(() => undefined);
      return Promise.resolve(() => rolled);
    },
  }),
};
