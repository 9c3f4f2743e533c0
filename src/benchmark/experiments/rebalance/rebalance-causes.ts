import type { RebalanceCause } from './rebalance-schema.ts';

/** Display names of the causes. */
export const causeNames = {
  join: 'join',
  leave: 'leave',
  crash: 'crash',
  scaleUp: 'scale up',
  scaleDown: 'scale down',
} as const satisfies Readonly<Record<RebalanceCause, string>>;
