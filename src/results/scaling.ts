import { lanes, type Lane } from '../config/lanes.ts';
import { largest } from '../statistics/extremes.ts';
import { outliersOf } from '../statistics/outliers.ts';
import { median, medianInterval, ratioOfMedians, samplesOf, type Samples } from '../statistics/statistics.ts';
import { limiterOf, type LimiterFacts } from './limiter.ts';
import type { RunReport, ScalingReport } from './report-parts.ts';

export interface ScalingOptions extends Omit<LimiterFacts, 'workUs'> {
  /** Service time per record in lane `work`, microseconds. */
  readonly workUs: number;
}

/** Pure: the scaling points of each lane, sorted by number of members, without warm-ups. */
export function scalingOf(runs: readonly RunReport[], options: ScalingOptions): ScalingReport[] {
  return lanes.flatMap((lane) => {
    const measured = runs.filter((run) => run.lane === lane && !run.warmUp);
    const counts = [...new Set(measured.map(({ members }) => members))].sort((a, b) => a - b);
    const groups = counts.map((members) => measured.filter((run) => run.members === members));
    const baseline = groups[0] ?? [];
    return groups.map((group) => point(group, baseline, options));
  });
}

/** Number of members that can own a partition. */
export function activeMembers(members: number, partitions: number): number {
  return Math.min(members, partitions);
}

function point(runs: readonly RunReport[], baseline: readonly RunReport[], options: ScalingOptions): ScalingReport {
  const [first] = runs;
  const [base] = baseline;
  if (first === undefined || base === undefined) throw new Error('a point of the curve needs at least one run');
  const medianOf = (name: MeasureName): number => median(measures(runs, name));
  const { speedup, interval } = speedupOf(runs, baseline);
  const active = activeMembers(first.members, options.partitions);
  const activeBase = activeMembers(base.members, options.partitions);
  return {
    lane: first.lane,
    members: first.members,
    runs: runs.length,
    recordsPerSecond: medianOf('recordsPerSecond'),
    wordsPerSecond: medianOf('wordsPerSecond'),
    mibPerSecond: medianOf('mibPerSecond'),
    cpuMicrosPerRecord: medianOf('cpuMicrosPerRecord'),
    durationMs: medianOf('durationMs'),
    joinMs: medianOf('joinMs'),
    peakRssMib: largest(measures(runs, 'peakRssMib')),
    baselineMembers: base.members,
    speedup,
    efficiency: (speedup * activeBase) / active,
    intervals: {
      recordsPerSecond: medianInterval(measures(runs, 'recordsPerSecond')),
      cpuMicrosPerRecord: medianInterval(measures(runs, 'cpuMicrosPerRecord')),
      speedup: interval,
    },
    assignment: assignmentOf(runs.at(-1) ?? first),
    limiter: limiterOf(runs, { ...options, workUs: serviceTimeOf(first.lane, options) }),
    outliers: outliersIn(runs),
  };
}

function serviceTimeOf(lane: Lane, { workUs }: ScalingOptions): number {
  const serviceTimes = { drain: 0, work: workUs } as const satisfies Readonly<Record<Lane, number>>;
  return serviceTimes[lane];
}

function outliersIn(runs: readonly RunReport[]): ScalingReport['outliers'] {
  const apart = new Set(outliersOf(runs.map(({ recordsPerSecond }) => recordsPerSecond)));
  return runs
    .filter((_, index) => apart.has(index))
    .map(({ repetition, recordsPerSecond }) => ({ repetition, recordsPerSecond }))
    .sort((a, b) => a.repetition - b.repetition);
}

type MeasureName =
  | 'recordsPerSecond'
  | 'wordsPerSecond'
  | 'mibPerSecond'
  | 'cpuMicrosPerRecord'
  | 'durationMs'
  | 'joinMs'
  | 'peakRssMib';

function measures(runs: readonly RunReport[], name: MeasureName): Samples {
  return samplesOf(runs.map((run) => run[name]));
}

function speedupOf(
  runs: readonly RunReport[],
  baseline: readonly RunReport[],
): { readonly speedup: number; readonly interval: ScalingReport['intervals']['speedup'] } {
  // The baseline's speed-up over itself is exactly 1, without noise.
  if (runs === baseline) return { speedup: 1, interval: { low: 1, high: 1, coverage: 1, method: 'range' } };
  const rates = measures(runs, 'recordsPerSecond');
  const { ratio, interval } = ratioOfMedians(rates, measures(baseline, 'recordsPerSecond'));
  return { speedup: ratio, interval };
}

/**
 * Partitions of each member. Sorted by first partition, with standbys last, because the assignment
 * to member ids is arbitrary.
 */
function assignmentOf(run: RunReport): number[][] {
  return run.perMember
    .map(({ partitions }) => [...partitions].sort((a, b) => a - b))
    .sort((a, b) => (a[0] ?? Infinity) - (b[0] ?? Infinity) || 0);
}
