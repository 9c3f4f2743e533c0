import { sleep } from '../../../time/sleep.ts';
import { liveMembers } from '../fault-world.ts';
import { defineFault } from '../fault.ts';

/** Each member leaves and is replaced by a new one, as when a service is deployed. */
export const rollingRestart = defineFault({
  kind: 'rolling-restart',
  does: 'replaces all members by new ones, one after the other',
  scope: 'process',
  lane: 'membership',
  durationMs: [2_000, 5_000],
  inSelfTest: true,
  aim: (world, { durationMs }) => ({
    text: 'all members, one after the other',
    begin: (signal) => {
      const { supervisor } = world;
      const before = liveMembers(world);
      const roll = async (): Promise<void> => {
        for (const { memberId } of before) {
          if (signal.aborted) return;
          await supervisor.drainMember(memberId);
          if (!supervisor.takesMembers) return;
          supervisor.addMember();
          await sleep(durationMs / before.length);
        }
      };
      const rolled = roll();
      rolled.catch(() => undefined);
      return Promise.resolve(() => rolled);
    },
  }),
});
