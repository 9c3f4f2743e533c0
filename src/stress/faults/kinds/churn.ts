import { sleep } from '../../../time/sleep.ts';
import { addMembersUpTo, liveMembers } from '../fault-world.ts';
import { defineFault } from '../fault.ts';

/** The group shrinks to one member and grows again; each direction takes half of the time. */
export const churn = defineFault({
  kind: 'churn',
  does: 'lets members leave one by one until one is left, then adds members again',
  scope: 'process',
  lane: 'membership',
  durationMs: [3_000, 5_000],
  inSelfTest: true,
  aim: (world, { random, durationMs }) => ({
    text: 'all members but one',
    begin: (signal) => {
      const { supervisor, membersMax } = world;
      const stepMs = durationMs / (2 * membersMax);
      const walk = async (): Promise<void> => {
        for (let live = liveMembers(world); live.length > 1 && !signal.aborted; live = liveMembers(world)) {
          const leaving = live[Math.floor(random() * live.length)];
          if (leaving === undefined) break;
          await Promise.all([supervisor.drainMember(leaving.memberId), sleep(stepMs)]);
        }
        await addMembersUpTo(world, membersMax, async () => {
          if (!signal.aborted) await sleep(stepMs);
        });
      };
      const walked = walk();
      walked.catch(() => undefined);
      return Promise.resolve(() => walked);
    },
  }),
});
