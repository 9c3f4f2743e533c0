import { liveMembers } from '../fault-world.ts';
import { defineFault } from '../fault.ts';
import { injectedFailure } from '../shared/injected-failure.ts';

/** Longer than any run. */
const stallMs = 120_000;

/** The watchdog has to end the member. In runs without a watchdog this fault ends it. */
export const stuck = defineFault({
  kind: 'stuck',
  does: "blocks a member's thread until the watchdog, or in runs without one the fault, ends the member",
  scope: 'member',
  lane: 'none',
  durationMs: [3_000, 5_000],
  memberEffect: 'sticks',
  inSelfTest: true,
  aim: (world, choice) => {
    const aim = injectedFailure(world, choice, { type: 'stall', stallMs });
    if (aim === undefined) return undefined;
    return {
      ...aim,
      begin: async (signal) => {
        await aim.begin(signal);
        return async () => {
          if (world.watchdog) return;
          const blocked = liveMembers(world).filter(({ memberId }) => aim.members?.includes(memberId));
          for (const { memberId } of blocked) await world.supervisor.killMember(memberId);
        };
      },
    };
  },
});
