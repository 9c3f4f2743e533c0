import { defineFault, instant } from '../fault.ts';
import { injectedFailure } from '../shared/injected-failure.ts';

/** The heap of the thread grows to its limit, and Node.js ends the thread. */
export const outOfMemory = defineFault({
  kind: 'out-of-memory',
  does: "fills a member's heap up to its limit",
  scope: 'member',
  lane: 'none',
  durationMs: instant,
  memberEffect: 'ends',
  aim: (world, choice) => injectedFailure(world, choice, { type: 'exhaustMemory' }),
});
