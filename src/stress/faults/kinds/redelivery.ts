import { defineFault, instant } from '../fault.ts';
import { injectedFailure } from '../shared/injected-failure.ts';

const records = 200;

/** Records that were counted already arrive again and must not be counted twice. */
export const redelivery = defineFault({
  kind: 'redelivery',
  does: `delivers the last ${records} records of each of a member's partitions again`,
  scope: 'member',
  lane: 'none',
  durationMs: instant,
  inSelfTest: true,
  aim: (world, choice) => injectedFailure(world, choice, { type: 'redeliver', records }),
});
