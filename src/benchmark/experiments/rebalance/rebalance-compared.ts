import { seriesOf } from '../../../results/compared-series.ts';
import type { Compared } from '../experiment.ts';
import { causeNames } from './rebalance-causes.ts';
import type { RebalanceReport } from './rebalance-schema.ts';

const milliseconds = { better: 'smaller', unit: 'ms' } as const;

/**
 * The time until the group was stable, and the median pause of its partitions, for each cause under
 * each protocol. Reports of version 0.1 do not contain these values of single runs.
 */
export const rebalanceCompared: Compared<RebalanceReport> = {
  series: ({ rows, runs = [] }) =>
    rows.flatMap(({ protocol, cause, fromMembers, toMembers }) => {
      const label = `${protocol}, ${causeNames[cause]} ${fromMembers} to ${toMembers}`;
      const changes = runs
        .filter((run) => run.protocol === protocol)
        .flatMap(({ repetition, changes: own = [] }) =>
          own.filter((change) => change.cause === cause).map((change) => ({ repetition, ...change })),
        );
      return seriesOf({ lane: 'rebalance', members: toMembers, label }, changes, [
        { measure: { name: 'settleMs', ...milliseconds }, valueOf: ({ settleMs }) => settleMs },
        { measure: { name: 'gapMs', ...milliseconds }, valueOf: ({ gapMs }) => gapMs },
      ]);
    }),
  conditions: ({ ratePerSecond, sessionTimeoutMs }) => ({
    rate: `${ratePerSecond} records/s`,
    'session timeout': `${sessionTimeoutMs} ms`,
  }),
};
