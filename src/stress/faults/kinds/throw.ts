import { defineFault, instant } from '../fault.ts';
import { injectedFailure } from '../shared/injected-failure.ts';

/** An uncaught error between the fetch of a batch and its application. */
export const memberThrow = defineFault({
  kind: 'throw',
  does: 'makes a member throw an error while it holds a batch',
  scope: 'member',
  lane: 'none',
  durationMs: instant,
  memberEffect: 'ends',
  inSelfTest: true,
  aim: (world, choice) => injectedFailure(world, choice, { type: 'throw' }),
});
