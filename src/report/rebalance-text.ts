import { largest } from '../statistics/extremes.ts';
import { renderColumns, type Column } from './columns.ts';
import type { RebalanceReport, RebalanceRow } from '../benchmark/experiments/rebalance/rebalance-schema.ts';
import { whole } from '../results/numbers.ts';

/** The rebalance section as text. */
export const causeNames = {
  join: 'join',
  leave: 'leave',
  crash: 'crash',
  scaleUp: 'scale up',
  scaleDown: 'scale down',
} as const;

/** The rebalance section for people: a line for each protocol and cause. */
export function renderRebalances(report: RebalanceReport): string {
  const { rows, ratePerSecond, partitions, sessionTimeoutMs } = report;
  const runs = largest([0, ...rows.map((row) => row.runs)]);
  const right = (title: string, cell: (row: RebalanceRow) => string): Column => ({
    title,
    align: 'right',
    cells: rows.map(cell),
  });
  const left = (title: string, cell: (row: RebalanceRow) => string): Column => ({
    title,
    align: 'left',
    cells: rows.map(cell),
  });
  const table = renderColumns([
    left('protocol', ({ protocol }) => protocol),
    left('cause', ({ cause }) => causeNames[cause]),
    left('members', ({ fromMembers, toMembers }) => `${fromMembers} to ${toMembers}`),
    right('settled', ({ settleMs }) => whole(settleMs)),
    right('moved', ({ moved }) => tenth(moved)),
    right('gap p50', ({ gapsMs }) => whole(gapsMs.p50)),
    right('gap max', ({ gapsMs }) => whole(gapsMs.max)),
    right('moved p50', ({ movedGapsMs }) => (movedGapsMs === undefined ? '-' : whole(movedGapsMs.p50))),
    right('detect', ({ splitMs }) => whole(splitMs.detect)),
    right('revoke', ({ splitMs }) => whole(splitMs.revoke)),
    right('assign', ({ splitMs }) => whole(splitMs.assign)),
    right('first', ({ splitMs }) => whole(splitMs.firstRecord)),
    right('refetched', ({ refetched }) => tenth(refetched)),
    right('stopped', ({ stoppedThoughKept: { partitions: count } }) => tenth(count)),
    right('members', ({ stoppedThoughKept }) => tenth(stoppedThoughKept.members)),
    right('longest', ({ stoppedThoughKept: { maxMs } }) => (maxMs === 0 ? '-' : whole(maxMs))),
  ]);
  return [
    `rebalance: ${whole(ratePerSecond)} records/s to ${partitions} partitions, session timeout ${whole(sessionTimeoutMs)} ms; ${runs === 1 ? 'one run' : `medians of ${runs} runs`}, milliseconds`,
    table,
    'settled: from the cause until the group is stable. gap: longest pause of each partition between batches; moved: of partitions that changed their owner',
    'detect, revoke, assign, first: stages of the gaps of partitions that moved or stopped; refetched: records fetched and discarded',
    'stopped: partitions that kept their owner but were revoked for a while; members: how many had such partitions; longest: the longest of these gaps',
  ].join('\n');
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
