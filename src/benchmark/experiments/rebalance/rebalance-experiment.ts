import { defineOption } from '../../../config/options/option.ts';
import { anyText } from '../../../config/options/values.ts';
import type { Metric } from '../../../results/metrics.ts';
import { counted, whole } from '../../../numbers.ts';
import { numberColumn, tableOf, textColumn, type Table } from '../../../results/table.ts';
import { largest } from '../../../statistics/extremes.ts';
import { rebalanceCommand } from './rebalance-command.ts';
import type { Experiment, Headline, NamedRun } from '../experiment.ts';
import { causeNames } from './rebalance-causes.ts';
import { rebalanceCompared } from './rebalance-compared.ts';
import { rebalanceReport, type RebalanceReport, type RebalanceRow } from './rebalance-schema.ts';

/** The cost of membership changes under a steady feed, by protocol and cause. */
export const rebalance: Experiment<RebalanceReport, undefined> = {
  id: 'rebalance',
  title: 'Rebalances',
  section: rebalanceReport,
  summary: ({ rows, ratePerSecond, partitions, sessionTimeoutMs }) => {
    const runs = largest([0, ...rows.map((row) => row.runs)]);
    const medians = runs === 1 ? 'one run' : `medians of ${runs} runs`;
    return `rebalance: ${whole(ratePerSecond)} records/s to ${counted(partitions, 'partition')}, session timeout ${whole(sessionTimeoutMs)} ms; ${medians}, milliseconds`;
  },
  tables: ({ rows }) => (rows.length === 0 ? [] : [costTable(rows)]),
  notes: () => [
    'settled: from the cause until the group is stable. gap: longest pause of each partition between batches; moved: of partitions that changed their owner',
    'detect, revoke, assign, first: stages of the gaps of partitions that moved or stopped; refetched: records fetched and discarded',
    'stopped: partitions that kept their owner but were revoked for a while; members: how many had such partitions; longest: the longest of these gaps',
  ],
  runs: runsOf,
  headlines: longestGap,
  metrics: ({ rows }) => rows.flatMap(metricsOfRow),
  compared: rebalanceCompared,
  benchLanes: { rebalance: 'cost of membership changes' },
  command: rebalanceCommand,
  files: {
    svg: {
      option: defineOption({
        flag: '--svg <file>',
        help: 'chart of the owners of each partition over time',
        value: anyText,
      }),
      load: async () => ({ render: (await import('./figures/swim-lanes-file.ts')).renderSwimLanesFile }),
    },
  },
  loadFigures: () => import('./figures/rebalance-figures.ts'),
  load: () => import('./run/run-rebalance.ts'),
};

function costTable(rows: readonly RebalanceRow[]): Table {
  return tableOf('cost of each cause under each protocol', rows, [
    textColumn('protocol', ({ protocol }) => protocol),
    textColumn('cause', ({ cause }) => causeNames[cause]),
    textColumn('members', ({ fromMembers, toMembers }) => `${fromMembers} to ${toMembers}`),
    numberColumn('settled', ({ settleMs }) => settleMs, whole),
    numberColumn('moved', ({ moved }) => moved, tenth),
    numberColumn('gap p50', ({ gapsMs }) => gapsMs.p50, whole),
    numberColumn('gap max', ({ gapsMs }) => gapsMs.max, whole),
    numberColumn('moved p50', ({ movedGapsMs }) => movedGapsMs?.p50, whole),
    numberColumn('detect', ({ splitMs }) => splitMs.detect, whole),
    numberColumn('revoke', ({ splitMs }) => splitMs.revoke, whole),
    numberColumn('assign', ({ splitMs }) => splitMs.assign, whole),
    numberColumn('first', ({ splitMs }) => splitMs.firstRecord, whole),
    numberColumn('refetched', ({ refetched }) => refetched, tenth),
    numberColumn('stopped', ({ stoppedThoughKept }) => stoppedThoughKept.partitions, tenth),
    numberColumn('members', ({ stoppedThoughKept }) => stoppedThoughKept.members, tenth),
    numberColumn('longest', ({ stoppedThoughKept: { maxMs } }) => (maxMs === 0 ? undefined : maxMs), whole),
  ]);
}

/** Reports of version 0.1 contain one verdict for all runs. */
function runsOf({ runs, rows, ...report }: RebalanceReport): NamedRun[] {
  if (runs !== undefined) {
    return runs.map(({ protocol, repetition, durationMs = 0, verified, differences }) => {
      return { name: `${protocol}, repetition ${repetition}`, seconds: durationMs / 1_000, verified, differences };
    });
  }
  const protocols = [...new Set(rows.map(({ protocol }) => protocol))];
  const { verified, differences } = report;
  return [{ name: `counts under ${protocols.join(', ')}`, seconds: 0, verified, differences }];
}

function longestGap({ rows }: RebalanceReport): Headline[] {
  const [first, ...others] = rows;
  if (first === undefined) return [];
  const worst = others.reduce((most, row) => (row.gapsMs.max > most.gapsMs.max ? row : most), first);
  const value = worst.gapsMs.max;
  return [
    {
      term: 'rebalance: longest gap',
      value: { text: `${whole(value)} ms`, value },
      context: `${worst.protocol}, ${causeNames[worst.cause]}`,
    },
  ];
}

function metricsOfRow(row: RebalanceRow): Metric[] {
  const { protocol, cause, fromMembers, toMembers, runs } = row;
  const change = `${causeNames[cause]} ${fromMembers} to ${toMembers}`;
  const series = {
    subject: `rebalance, ${protocol}, ${change}`,
    path: `rebalance/${protocol}/${change.replaceAll(' ', '-')}`,
    runs,
  };
  return [
    { ...series, measure: 'time to rest', value: row.settleMs },
    { ...series, measure: 'median gap', value: row.gapsMs.p50 },
    { ...series, measure: 'longest gap', value: row.gapsMs.max },
    { ...series, measure: 'records fetched again', value: row.refetched },
  ];
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
