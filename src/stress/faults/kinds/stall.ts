import { defineFault } from '../fault.ts';
import { injectedFailure } from '../shared/injected-failure.ts';

/** Acts like a garbage collection or a slow disk: too short for the watchdog to act. */
export const stall = defineFault({
  kind: 'stall',
  does: "blocks a member's thread for less than the watchdog's limit",
  scope: 'member',
  lane: 'none',
  durationMs: [200, 1_200],
  memberEffect: 'stalls',
  inSelfTest: true,
  aim: (world, choice) => injectedFailure(world, choice, { type: 'stall', stallMs: choice.durationMs }),
});
