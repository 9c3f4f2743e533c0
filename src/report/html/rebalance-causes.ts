import type { BenchReport } from '../schema.ts';

type Cause = NonNullable<BenchReport['rebalance']>['rows'][number]['cause'];

/** What happened to the group, for people. */
export const causeNames = {
  join: 'one joins',
  leave: 'one leaves',
  crash: 'one crashes',
  scaleUp: 'scale up',
  scaleDown: 'scale down',
} as const satisfies Record<Cause, string>;
