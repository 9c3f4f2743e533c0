import { benchLanes } from '../../../config/lanes.ts';
import { defineOption } from '../../../config/options/option.ts';
import { anyText } from '../../../config/options/values.ts';
import { efficiencyText } from '../../../results/efficiency.ts';
import { isSupported } from '../../../results/intervals.ts';
import { metricsOfMembers, type Metric } from '../../../results/metrics.ts';
import { counted, whole } from '../../../numbers.ts';
import type { RunReport, ScalingReport } from '../../../results/report-parts.ts';
import type { Experiment, Headline, InLanes, NamedRun } from '../experiment.ts';
import { precisionText } from './curve-notes.ts';
import { scalingTables } from './scaling-table.ts';
import { throughputCompared } from './throughput-compared.ts';
import { throughputReport, type ThroughputReport } from './throughput-schema.ts';

const { drain, work } = benchLanes;

/** The speed at which groups of different sizes drain a topic, and their speed-up: `bench`. */
export const throughput: Experiment<ThroughputReport, undefined> = {
  id: 'throughput',
  title: 'Scaling',
  section: throughputReport,
  inLanes: {
    read: readLanes,
    write: ({ lanes, runs, scaling, curves, ...others }) => {
      const { precision } = others;
      return { lanes, runs, scaling, curves, ...(precision === undefined ? {} : { precision }) };
    },
  },
  summary: () => undefined,
  tables: scalingTables,
  notes: ({ precision, runs }) => [
    ...(precision === undefined ? [] : [precisionText(precision)]),
    ...warmUpNotes(runs),
    ...disturbanceNotes(runs),
  ],
  runs: ({ runs }) => runs.map(nameRun),
  headlines: ({ lanes, scaling }) =>
    lanes.flatMap(({ lane }) => headlinesOf(scaling.filter((point) => point.lane === lane))),
  metrics: ({ scaling }) => scaling.flatMap(metricsOfPoint),
  compared: throughputCompared,
  benchLanes: { drain, work },
  command: undefined,
  files: {
    csv: {
      option: defineOption({
        flag: '--csv <file>',
        help: 'lanes drain and work: a line for each run, with the columns of kafka-consumer-perf-test',
        value: anyText,
      }),
      load: async () => ({ render: (await import('./perf-test-csv.ts')).renderPerfTestCsv }),
    },
  },
  loadFigures: () => import('./figures/throughput-figures.ts'),
  load: () => import('./run/run-throughput.ts'),
};

function readLanes({
  workload,
  ...report
}: Parameters<InLanes<ThroughputReport>['read']>[0]): ThroughputReport | undefined {
  const { lanes, runs, scaling, curves, precision } = report;
  if (lanes.length === 0) return undefined;
  const { partitions, records, words } = workload;
  const wanted = precision === undefined ? {} : { precision };
  return { lanes, runs, scaling, curves, ...wanted, partitions, records, words };
}

function warmUpNotes(runs: readonly RunReport[]): string[] {
  const detected = runs.filter(({ warmUpDetected }) => warmUpDetected === true).length;
  return detected === 0
    ? []
    : [`${counted(detected, 'measured run')} excluded as warm-up: slower than every later run`];
}

function disturbanceNotes(runs: readonly RunReport[]): string[] {
  const disturbed = runs.filter(({ rebalances, warmUp }) => rebalances > 0 && !warmUp).length;
  return disturbed === 0 ? [] : [`${counted(disturbed, 'run')} had a rebalance during the measurement`];
}

function nameRun({ lane, members, repetition, warmUp, durationMs, verified, differences }: RunReport): NamedRun {
  const place = warmUp && repetition === 0 ? 'warm-up' : `repetition ${repetition}`;
  const name = `${counted(members, 'member')}, ${place}`;
  return { group: lane, name, seconds: durationMs / 1_000, verified, differences };
}

function headlinesOf(points: readonly ScalingReport[]): Headline[] {
  const [first] = points;
  if (first === undefined) return [];
  const fastest = points.reduce((best, point) => (point.recordsPerSecond > best.recordsPerSecond ? point : best));
  const most = points.at(-1) ?? first;
  const rate: Headline = {
    term: `${first.lane}: records per second`,
    value: { text: whole(fastest.recordsPerSecond), value: fastest.recordsPerSecond },
    context: `fastest, with ${counted(fastest.members, 'member')}`,
  };
  if (points.length === 1) return [rate];
  const speedup: Headline = {
    term: `${first.lane}: speed-up`,
    value: { text: `${most.speedup.toFixed(2)}×`, value: most.speedup },
    context: `${counted(most.members, 'member')} over ${most.baselineMembers}, ${efficiencyText(most)} of the ideal`,
  };
  return [rate, speedup];
}

function metricsOfPoint(point: ScalingReport): Metric[] {
  const { intervals } = point;
  // Omits bounds that alerts must not depend on: the range of a few runs, and the speed-up of the
  // baseline over itself.
  const bounds = (name: keyof typeof intervals): Pick<Metric, 'low' | 'high'> => {
    const { low, high } = intervals[name];
    const isItself = name === 'speedup' && point.members === point.baselineMembers;
    return isSupported(intervals[name]) && !isItself ? { low, high } : {};
  };
  return metricsOfMembers(point.lane, point, [
    { measure: 'records per second', value: point.recordsPerSecond, ...bounds('recordsPerSecond') },
    { measure: 'speed-up', value: point.speedup, ...bounds('speedup') },
    { measure: 'CPU time per record', value: point.cpuMicrosPerRecord, ...bounds('cpuMicrosPerRecord') },
    { measure: 'peak memory', value: point.peakRssMib },
    { measure: 'join time', value: point.joinMs },
  ]);
}
