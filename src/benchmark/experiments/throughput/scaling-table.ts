import { formatNumbers } from '../../../config/number-ranges.ts';
import type { Lane } from '../../../config/lanes.ts';
import { effectiveMembers, supportedCurves } from '../../../results/curves.ts';
import { efficiencyText } from '../../../results/efficiency.ts';
import { isSupported } from '../../../results/intervals.ts';
import { counted, percent, whole } from '../../../numbers.ts';
import type { ScalingReport } from '../../../results/report-parts.ts';
import { activeMembers } from '../../../results/scaling.ts';
import { numberColumn, tableOf, textColumn, type ColumnOf, type Table, type Tone } from '../../../results/table.ts';
import { largest, smallest } from '../../../statistics/extremes.ts';
import { renderBar } from '../../../results/bar.ts';
import { curveIntervalText, curveNotes, limiterText, peakText } from './curve-notes.ts';
import { scalingNotes } from './scaling-notes.ts';
import { commitsText } from './throughput-compared.ts';
import type { ThroughputReport } from './throughput-schema.ts';

const barWidth = 20;

/** One table per lane with results, and one of the scalability law. */
export function scalingTables(report: ThroughputReport): Table[] {
  const tables = report.lanes.flatMap(({ lane }) => laneTable(report, lane) ?? []);
  return [...tables, ...lawTable(report)];
}

function laneTable(report: ThroughputReport, lane: Lane): Table | undefined {
  const { partitions } = report;
  const points = report.scaling.filter((point) => point.lane === lane);
  if (points.length === 0) return undefined;
  return {
    ...tableOf(titleOf(report, lane, points), points, columnsOf(points, partitions)),
    notes: [...scalingNotes(points, partitions), ...curveNotes(report, lane)],
  };
}

function titleOf({ lanes }: ThroughputReport, lane: Lane, points: readonly ScalingReport[]): string {
  const { records = 0, workUs = 0, durable } = lanes.find((entry) => entry.lane === lane) ?? {};
  const runsMax = largest(points.map(({ runs }) => runs));
  const runsLeast = smallest(points.map(({ runs }) => runs));
  const medians = `medians of ${runsLeast === runsMax ? runsMax : `${runsLeast} to ${runsMax}`} runs`;
  const service = workUs > 0 ? `, each served for ${workUs} µs` : '';
  const commits = durable === undefined ? '' : `, durable, ${commitsText(durable)}`;
  return `${lane}: ${counted(records, 'record')}${service}${commits}; ${runsMax === 1 ? 'one run each' : medians}`;
}

function columnsOf(points: readonly ScalingReport[], partitions: number): ColumnOf<ScalingReport>[] {
  const ideal = ({ members, baselineMembers }: ScalingReport): number =>
    activeMembers(members, partitions) / activeMembers(baselineMembers, partitions);
  const full = largest(points.map(ideal));
  const hundredths = (value: number): string => value.toFixed(2);
  return [
    numberColumn('members', ({ members }) => members, String),
    numberColumn('records/s', ({ recordsPerSecond }) => recordsPerSecond, whole),
    ...(points.some(({ runs }) => runs > 1) ? [spreadColumn(points)] : []),
    right('interval', intervalText, ['markdown', 'html']),
    { ...numberColumn('words/s', ({ wordsPerSecond }) => wordsPerSecond, whole), formats: ['text'] },
    {
      ...numberColumn(
        'MiB/s',
        ({ mibPerSecond }) => mibPerSecond,
        (value) => value.toFixed(1),
      ),
      formats: ['text', 'html'],
    },
    numberColumn('speed-up', ({ speedup }) => speedup, hundredths),
    {
      title: `ideal ${full.toFixed(0)}x`.padStart(barWidth),
      align: 'left',
      formats: ['text'],
      cell: (point) => ({
        text: renderBar({ value: point.speedup, ideal: ideal(point), full, width: barWidth }),
        tone: toneOf(point.efficiency),
      }),
    },
    {
      title: 'efficiency',
      align: 'right',
      cell: (point) => ({ text: efficiencyText(point), value: point.efficiency }),
    },
    numberColumn('CPU µs/rec', ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord, hundredths),
    numberColumn('join ms', ({ joinMs }) => joinMs, whole),
    { ...textColumn('limited by', limiterText), formats: ['html'] },
    { ...textColumn('partitions', ({ assignment }) => owners(assignment)), formats: ['text', 'html'] },
  ];
}

function right(
  title: string,
  textOf: (point: ScalingReport) => string,
  formats: NonNullable<ColumnOf<ScalingReport>['formats']>,
): ColumnOf<ScalingReport> {
  return { title, align: 'right', formats, cell: (point) => ({ text: textOf(point) }) };
}

/**
 * Half-width of the interval, at its wider side, or the range when there are too few runs for an
 * interval.
 */
function spreadColumn(points: readonly ScalingReport[]): ColumnOf<ScalingReport> {
  const hasInterval = ({ intervals }: ScalingReport): boolean => isSupported(intervals.recordsPerSecond);
  const spread = (point: ScalingReport): string => {
    const { recordsPerSecond, intervals, runs } = point;
    if (runs < 2) return '';
    const { low, high } = intervals.recordsPerSecond;
    if (!hasInterval(point)) return `${whole(low)} to ${whole(high)}`;
    return percent(Math.max(high - recordsPerSecond, recordsPerSecond - low) / recordsPerSecond, 1);
  };
  return right(points.some(hasInterval) ? '±' : 'range', spread, ['text']);
}

function intervalText({ intervals: { recordsPerSecond: interval }, runs }: ScalingReport): string {
  const { low, high } = interval;
  return runs < 2 ? '' : `${whole(low)} to ${whole(high)}${isSupported(interval) ? '' : ' (range)'}`;
}

function owners(assignment: readonly (readonly number[])[]): string {
  return assignment.map((owned) => (owned.length === 0 ? '-' : `{${formatNumbers(owned)}}`)).join(' ');
}

function toneOf(efficiency: number): Tone {
  if (efficiency >= 0.9) return 'good';
  return efficiency >= 0.6 ? 'doubtful' : 'bad';
}

/** The scalability law's parameters, for each lane with enough different loads. */
function lawTable(report: ThroughputReport): Table[] {
  const curves = supportedCurves(report);
  if (curves.length === 0) return [];
  const greatest = largest(report.scaling.map(({ members }) => effectiveMembers(members, report.partitions)));
  const share = (digits: number) => (value: number) => percent(value, digits);
  const ends = ([low = NaN, high = NaN]: readonly number[], text: (value: number) => string): string =>
    `${text(low)} to ${text(high)}`;
  const table = tableOf('Universal Scalability Law', curves, [
    textColumn('lane', ({ lane }) => lane),
    numberColumn('records/s of one member', ({ recordsPerSecond }) => recordsPerSecond, whole),
    numberColumn('contention', ({ contention }) => contention, share(1)),
    textColumn('from, to', ({ intervals }) => ends(intervals.contention, share(1))),
    numberColumn('coherency', ({ coherency }) => coherency, share(2)),
    textColumn('from, to', ({ intervals }) => ends(intervals.coherency, share(2))),
    textColumn('from, to is', curveIntervalText),
    textColumn('peak', (curve) => peakText(curve, greatest)),
  ]);
  // Text and Markdown have the law as a note of the lane's table.
  return [{ ...table, formats: ['html'] }];
}
