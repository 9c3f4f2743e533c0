import { largest, smallest } from '../../../../statistics/extremes.ts';
import { effectiveMembers, supportedCurves } from '../../../../results/curves.ts';
import { efficiencyNotes } from '../../../../results/efficiency.ts';
import { isSupported } from '../../../../results/intervals.ts';
import { activeMembers } from '../../../../results/scaling.ts';
import type { ScalingReport } from '../../../../results/report-parts.ts';
import type { ThroughputReport } from '../throughput-schema.ts';
import type { Markup } from '../../../../report/html/markup.ts';
import { renderMembersFigure, type Fit, type MemberValue } from './members-figure.ts';
import { counted, percent, whole } from '../../../../numbers.ts';
import { short, times } from '../../../../report/html/numbers.ts';

/** Speed-up relative to the smallest group, with the ideal speed-up. */
export function renderSpeedupFigure(report: ThroughputReport): Markup {
  const { scaling, partitions } = report;
  return renderMembersFigure({
    id: 'speed-up',
    title: 'Speed-up',
    caption: `Rate relative to the smallest group. ${barsText(scaling)} The ideal rises up to ${counted(partitions, 'member')}, the number of partitions, because each partition has one owner.`,
    points: scaling,
    unit: 'speed-up',
    valueOf: ({ speedup }) => speedup,
    intervalOf: ({ intervals }) => intervals.speedup,
    text: times,
    ideal: idealCurve(scaling, partitions),
    fits: supportedCurves(report).map((curve) => {
      const baseline = scaling.find((point) => point.lane === curve.lane)?.recordsPerSecond ?? NaN;
      return fitOf(report, curve, (rate) => rate / baseline);
    }),
  });
}

export function renderEfficiencyFigure({ scaling }: ThroughputReport): Markup {
  return renderMembersFigure({
    id: 'efficiency',
    title: 'Efficiency',
    caption: [
      'Speed-up divided by the ideal speed-up: the share of its full rate that each active member reaches.',
      ...efficiencyNotes(scaling),
    ].join(' '),
    points: scaling,
    unit: '% of the ideal',
    valueOf: ({ efficiency }) => 100 * efficiency,
    text: (value) => percent(value / 100, 1),
    ideal: idealCurve(scaling, 1).map(({ members }) => ({ members, value: 100 })),
  });
}

/** The rates of one lane: each run, the median, and the interval of the median. */
export function renderRateFigure(report: ThroughputReport, lane: ScalingReport['lane']): Markup {
  const { scaling, runs } = report;
  const measured = runs.filter((run) => run.lane === lane && !run.warmUp);
  const points = scaling.filter((point) => point.lane === lane);
  return renderMembersFigure({
    id: `rate-${lane}`,
    title: `Rate in lane ${lane}`,
    caption: `Records per second: a ring for each run, a filled mark for the median. ${barsText(points)}`,
    points,
    unit: 'records/s',
    valueOf: ({ recordsPerSecond }) => recordsPerSecond,
    intervalOf: ({ intervals }) => intervals.recordsPerSecond,
    text: whole,
    runs: measured.map(({ members, recordsPerSecond }) => ({ members, value: recordsPerSecond })),
    fits: supportedCurves(report)
      .filter((curve) => curve.lane === lane)
      .map((curve) => fitOf(report, curve, (rate) => rate)),
  });
}

/** The fitted scalability law at each number of members in the measured range. */
function fitOf(
  { scaling, partitions }: ThroughputReport,
  { lane, recordsPerSecond, contention, coherency }: ThroughputReport['curves'][number],
  scaled: (recordsPerSecond: number) => number,
): Fit {
  const counts = scaling.filter((point) => point.lane === lane).map(({ members }) => members);
  const [least, most] = [smallest(counts), largest(counts)];
  const values = Array.from({ length: most - least + 1 }, (_, index) => {
    const load = effectiveMembers(least + index, partitions);
    const slowed = 1 + contention * (load - 1) + coherency * load * (load - 1);
    return { members: least + index, value: scaled((recordsPerSecond * load) / slowed) };
  });
  return { lane, values };
}

export function renderCostFigure({ scaling }: ThroughputReport): Markup {
  return renderMembersFigure({
    id: 'cost',
    title: 'CPU time per record',
    caption: `User and system time of the whole process, over all threads; less noisy than the rate. ${barsText(scaling)}`,
    points: scaling,
    unit: 'µs per record',
    valueOf: ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord,
    intervalOf: ({ intervals }) => intervals.cpuMicrosPerRecord,
    text: short,
  });
}

/** Explains the error bars of a figure. */
function barsText(points: readonly ScalingReport[]): string {
  if (points.every(({ runs }) => runs < 2)) return 'One run each: no bars.';
  const supported = points.filter(({ intervals }) => isSupported(intervals.recordsPerSecond)).length;
  if (supported === points.length)
    return 'Bars are intervals of at least 95 %; those of speed-ups need at least 7 runs.';
  return 'Bars are the range of the runs, which are too few for intervals.';
}

/**
 * The ideal curve. It includes the number of partitions, where the curve has a corner, even when
 * that number was not measured.
 */
function idealCurve(scaling: readonly ScalingReport[], partitions: number): MemberValue[] {
  const counts = scaling.map(({ members }) => members);
  const [least, most] = [smallest(counts), largest(counts)];
  const corner = partitions > least && partitions < most ? [partitions] : [];
  const ascending = [...new Set([...counts, ...corner])].sort((a, b) => a - b);
  return ascending.map((members) => ({
    members,
    value: activeMembers(members, partitions) / activeMembers(least, partitions),
  }));
}
