import type { Lane } from '../config/lanes.ts';
import { largest, smallest } from '../statistics/extremes.ts';
import { formatNumbers } from '../config/number-ranges.ts';
import { renderBar } from './bar.ts';
import { renderColumns } from './columns.ts';
import { curveNotes, precisionText } from './curve-text.ts';
import { efficiencyText } from '../results/efficiency.ts';
import { isSupported } from '../results/intervals.ts';
import { counted, percent, whole } from '../results/numbers.ts';
import { brokerSettingsText, coresText, memoryText } from './machine-text.ts';
import { scalingNotes } from './scaling-notes.ts';
import { failuresOf } from './named-runs.ts';
import { sectionsIn, type ReportSection } from '../results/report-sections.ts';
import { renderTableText } from './table-text.ts';
import { activeMembers } from '../results/scaling.ts';
import type { RunReport, ScalingReport } from '../results/report-parts.ts';
import type { BenchReport } from '../results/schema.ts';
import { verdictLines } from './verdict-lines.ts';

export interface TextOptions {
  /** Whether bars and verdict use ANSI colours. */
  readonly colour: boolean;
}

const barWidth = 20;
const colours = { red: 31, green: 32, yellow: 33 } as const;
type Colour = keyof typeof colours;

/**
 * Renders the report as text: verdict, environment, one table per lane, experiments, wrong counts.
 */
export function renderBench(report: BenchReport, options: TextOptions): string {
  const parts = [
    renderVerdict(report, options),
    renderEnvironment(report),
    ...report.lanes.map(({ lane }) => renderLane(report, lane, options)).filter((text) => text !== ''),
    ...(report.precision === undefined ? [] : [precisionText(report.precision)]),
    ...renderWarmUps(report.runs),
    ...sectionsIn(report).map(renderExperiment),
    ...renderDisturbed(report.runs),
    ...renderFailures(report),
  ];
  return parts.join('\n\n');
}

function renderVerdict(report: BenchReport, options: TextOptions): string {
  const colourOf = { good: 'green', doubtful: 'yellow', bad: 'red' } as const;
  return verdictLines(report)
    .map(({ tone, text }) => painted(text, colourOf[tone], options))
    .join('\n');
}

function renderEnvironment({ environment, workload }: BenchReport): string {
  const { cpu, platform, node, client, librdkafka, brokers } = environment;
  const machine = `${cpu}, ${coresText(environment)}, ${memoryText(environment)}, ${platform}`;
  const reference = workload.reference === 'generated' ? 'the generated text' : 'a recount by an independent client';
  return [
    `${machine}, Node ${node}, Confluent client ${client}, librdkafka ${librdkafka}`,
    `${brokers}${brokerSettingsText(environment)}; topic ${workload.topic}, ${counted(workload.partitions, 'partition')}, ${workload.corpus}; reference: ${reference}`,
  ].join('\n');
}

function renderLane(report: BenchReport, lane: Lane, options: TextOptions): string {
  const points = report.scaling.filter((point) => point.lane === lane);
  const facts = report.lanes.find((entry) => entry.lane === lane);
  if (points.length === 0 || facts === undefined) return '';
  const { partitions } = report.workload;
  const runsMax = largest(points.map(({ runs }) => runs));
  const runsLeast = smallest(points.map(({ runs }) => runs));
  const medians = `medians of ${runsLeast === runsMax ? runsMax : `${runsLeast} to ${runsMax}`} runs`;
  const runs = runsMax === 1 ? 'one run each' : medians;
  const service = facts.workUs > 0 ? `, each served for ${facts.workUs} µs` : '';
  const head = `${lane}: ${whole(facts.records)} records${service}; ${runs}`;
  return [
    head,
    renderPoints(points, partitions, options),
    ...scalingNotes(points, partitions),
    ...curveNotes(report, lane),
  ].join('\n');
}

function renderPoints(points: readonly ScalingReport[], partitions: number, options: TextOptions): string {
  const ideal = ({ members, baselineMembers }: ScalingReport): number =>
    activeMembers(members, partitions) / activeMembers(baselineMembers, partitions);
  const full = largest(points.map(ideal));
  const right = (title: string, cell: (point: ScalingReport) => string) =>
    ({ title, align: 'right', cells: points.map(cell) }) as const;
  return renderColumns([
    right('members', ({ members }) => String(members)),
    right('records/s', ({ recordsPerSecond }) => whole(recordsPerSecond)),
    ...(points.some(({ runs }) => runs > 1) ? [right(points.some(hasInterval) ? '±' : 'range', spread)] : []),
    right('words/s', ({ wordsPerSecond }) => whole(wordsPerSecond)),
    right('MiB/s', ({ mibPerSecond }) => mibPerSecond.toFixed(1)),
    right('speed-up', ({ speedup }) => speedup.toFixed(2)),
    {
      title: `ideal ${full.toFixed(0)}x`.padStart(barWidth),
      align: 'left',
      cells: points.map((point) => renderBar({ value: point.speedup, ideal: ideal(point), full, width: barWidth })),
      paint: (cell, row) => painted(cell, efficiencyColour(points[row]?.efficiency ?? 0), options),
    },
    right('efficiency', efficiencyText),
    right('CPU µs/rec', ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord.toFixed(2)),
    right('join ms', ({ joinMs }) => whole(joinMs)),
    { title: 'partitions', align: 'left', cells: points.map(({ assignment }) => owners(assignment)) },
  ]);
}

function renderWarmUps(runs: readonly RunReport[]): string[] {
  const detected = runs.filter(({ warmUpDetected }) => warmUpDetected === true).length;
  return detected === 0
    ? []
    : [`${counted(detected, 'measured run')} excluded as warm-up: slower than every later run`];
}

function renderDisturbed(runs: readonly RunReport[]): string[] {
  const disturbed = runs.filter(({ rebalances, warmUp }) => rebalances > 0 && !warmUp).length;
  return disturbed === 0 ? [] : [`${counted(disturbed, 'run')} had a rebalance during the measurement`];
}

function renderExperiment({ experiment, section }: ReportSection): string {
  const tables = experiment.tables(section).map(renderTableText);
  return [experiment.summary(section), ...tables, ...experiment.notes(section)].join('\n');
}

function renderFailures(report: BenchReport): string[] {
  return failuresOf(report).map(({ title, differences }) =>
    [title, ...differences.map((line) => `  ${line}`)].join('\n'),
  );
}

function hasInterval({ intervals }: ScalingReport): boolean {
  return isSupported(intervals.recordsPerSecond);
}

/**
 * Half-width of the interval, at its wider side, or the range when there are too few runs for an
 * interval.
 */
function spread(point: ScalingReport): string {
  const { recordsPerSecond, intervals, runs } = point;
  if (runs < 2) return '';
  const { low, high } = intervals.recordsPerSecond;
  if (!hasInterval(point)) return `${whole(low)} to ${whole(high)}`;
  return percent(Math.max(high - recordsPerSecond, recordsPerSecond - low) / recordsPerSecond, 1);
}

function owners(assignment: readonly (readonly number[])[]): string {
  return assignment.map((owned) => (owned.length === 0 ? '-' : `{${formatNumbers(owned)}}`)).join(' ');
}

function efficiencyColour(efficiency: number): Colour {
  if (efficiency >= 0.9) return 'green';
  return efficiency >= 0.6 ? 'yellow' : 'red';
}

function painted(text: string, colour: Colour, { colour: wanted }: TextOptions): string {
  return wanted ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
}
