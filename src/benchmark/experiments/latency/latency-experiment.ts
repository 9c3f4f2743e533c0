import { metricsOfMembers, type Metric } from '../../../results/metrics.ts';
import { counted, percent, whole } from '../../../numbers.ts';
import { numberColumn, tableOf, textColumn, type Cell, type Table } from '../../../results/table.ts';
import { latencyCompared } from './latency-compared.ts';
import { latencyCommand } from './latency-command.ts';
import type { Experiment, Headline, NamedRun } from '../experiment.ts';
import {
  latencyReport,
  type Capacity,
  type LatencyPoint,
  type LatencyReport,
  type LatencyPercentiles,
} from './latency-schema.ts';
import { supportedPercentiles } from './percentile-support.ts';

/** Measures record latency from the scheduled time to the count, by stage. */
export const latency: Experiment<LatencyReport, undefined> = {
  id: 'latency',
  title: 'Latency',
  section: latencyReport,
  summary: ({ ratePerSecond, durationMs, partitions }) =>
    `latency: ${whole(ratePerSecond)} records/s on a schedule for ${seconds(durationMs)} s, ${counted(partitions, 'partition')}; milliseconds`,
  tables: ({ points }) => points.map(tableOfPoint),
  notes: notesOf,
  runs: runsOf,
  headlines: headlineOf,
  metrics: ({ points, capacity = [] }) => [...points.flatMap(metricsOfPoint), ...capacity.flatMap(metricsOfCapacity)],
  compared: latencyCompared,
  benchLanes: { latency: 'record latency by stage' },
  command: latencyCommand,
  loadFigures: () => import('./figures/latency-figures.ts'),
  load: () => import('./run/run-latency.ts'),
};

const shown = ['p50', 'p90', 'p99', 'p99_9', 'p99_99'] as const;

type Row = readonly [name: string, values: LatencyPercentiles];

function tableOfPoint(point: LatencyPoint): Table {
  const { splitMs, members, runs } = point;
  const rows: readonly Row[] = [
    ['total', point.correctedMs],
    ['… produce', splitMs.produce],
    ['… broker', splitMs.broker],
    ['… fetch', splitMs.fetch],
    ['… queue (max)', splitMs.queue],
    ['… count', splitMs.count],
    ['from hand-over', point.sinceSentMs],
    ['closed loop', point.closedLoopMs],
  ];
  const column = (title: string, valueOf: (values: LatencyPercentiles) => number | undefined) =>
    numberColumn<Row>(title, ([, values]) => valueOf(values), milliseconds);
  return tableOf(`${counted(members, 'member')}, ${runs === 1 ? 'one run' : `${runs} runs pooled`}`, rows, [
    textColumn('time', ([name]) => name),
    column('min', ({ min }) => min),
    ...shown.map((name) => column(name.replace('_', '.'), (values) => supportedPercentiles(values)[name])),
    column('max', ({ max }) => max),
    column('mean', ({ mean }) => mean),
    numberColumn('values', ([, { count }]) => count, whole),
    { title: '0 or less', align: 'right', cell: ([, { zeroOrLess, count }]) => share(zeroOrLess, count) },
  ]);
}

function notesOf({ points, warmUpMs, capacity = [] }: LatencyReport): string[] {
  const isShort = points.some(({ correctedMs }) =>
    shown.some((name) => supportedPercentiles(correctedMs)[name] === undefined),
  );
  return [
    ...(isShort ? ['-: fewer than ten values are beyond this percentile'] : []),
    `the first ${seconds(warmUpMs)} s of each run are excluded from the percentiles`,
    'total: from the scheduled time until the count is visible to readers, and its stages',
    'from hand-over, closed loop: results of a test that ignores delays of its producer, or that waits for each record before it sends the next',
    ...capacity.map(capacityText),
  ];
}

function capacityText({ members, p99MsBound, ratePerSecond, probes, precision, limited = false }: Capacity): string {
  const tries = counted(probes.length, 'probe');
  if (ratePerSecond === undefined) return `capacity, members: ${members}: no rate met p99 ${p99MsBound} ms (${tries})`;
  const within = limited ? 'the highest rate that could be probed' : `within ${percent(precision)}`;
  return `capacity, members: ${members}: ${whole(ratePerSecond)} records/s with p99 up to ${p99MsBound} ms, ${within}, confirmed (${tries})`;
}

function runsOf({ runs, durationMs }: LatencyReport): NamedRun[] {
  return runs.map(({ members, repetition, ratePerSecond, catchUpMs, verified, differences }) => {
    const place = repetition === 0 ? 'warm-up or probe' : `repetition ${repetition}`;
    const name = `${counted(members, 'member')}, ${Math.round(ratePerSecond)} records/s, ${place}`;
    return { name, seconds: (durationMs + catchUpMs) / 1_000, verified, differences };
  });
}

function headlineOf({ points, ratePerSecond }: LatencyReport): Headline[] {
  return points.slice(0, 1).map(({ members, correctedMs: { p99 } }) => ({
    term: 'latency: 99 % within',
    value: { text: `${p99.toFixed(1)} ms`, value: p99 },
    context: `${counted(members, 'member')}, ${whole(ratePerSecond)} records/s`,
  }));
}

function metricsOfPoint(point: LatencyPoint): Metric[] {
  const supported = supportedPercentiles(point.correctedMs);
  const figures = [
    ['latency p50', supported.p50],
    ['latency p99', supported.p99],
    ['latency p99.9', supported.p99_9],
    ['latency p99.99', supported.p99_99],
  ] as const;
  return metricsOfMembers(
    'latency',
    point,
    figures.flatMap(([measure, value]) => (value === undefined ? [] : [{ measure, value }])),
  );
}

/** A search without result yields no metric, so that its series shows a gap. */
function metricsOfCapacity({ members, ratePerSecond, probes }: Capacity): Metric[] {
  if (ratePerSecond === undefined) return [];
  return metricsOfMembers('latency', { members, runs: probes.length }, [{ measure: 'capacity', value: ratePerSecond }]);
}

function share(part: number, all: number): Cell {
  return { text: part === 0 ? '0' : `${whole(part)} (${percent(part / Math.max(1, all), 1)})`, value: part };
}

function milliseconds(value: number): string {
  return value.toFixed(2);
}

function seconds(valueMs: number): string {
  return String(Number((valueMs / 1_000).toFixed(1)));
}
