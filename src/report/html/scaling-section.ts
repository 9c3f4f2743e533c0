import { largest } from '../../statistics/extremes.ts';
import { formatNumbers } from '../../config/number-ranges.ts';
import { curveIntervalText, curveNotes, limiterText, peakText } from '../curve-text.ts';
import { effectiveMembers, supportedCurves } from '../../results/curves.ts';
import { efficiencyText } from '../../results/efficiency.ts';
import { isSupported } from '../../results/intervals.ts';
import { scalingNotes } from '../scaling-notes.ts';
import type { ScalingReport } from '../../results/report-parts.ts';
import type { BenchReport } from '../../results/schema.ts';
import { html, type Content } from './markup.ts';
import { counted, percent, whole } from '../../results/numbers.ts';
import { exact, short, times } from './numbers.ts';
import { renderCostFigure, renderEfficiencyFigure, renderRateFigure, renderSpeedupFigure } from './scaling-figures.ts';
import { renderFigures, type Section } from './section.ts';
import { renderHtmlTable } from './table.ts';

/**
 * Throughput by number of members.
 * @returns undefined when the report contains no throughput runs
 */
export function scalingSection(report: BenchReport): Section | undefined {
  if (report.scaling.length === 0) return undefined;
  const lanes = report.lanes.filter(({ lane }) => report.scaling.some((point) => point.lane === lane));
  const curves = new Set(report.scaling.map(({ members }) => members)).size > 1;
  const content: Content = [
    ...lanes.map(({ lane }) => renderLaneTable(report, lane)),
    renderFigures([
      ...(curves ? [renderSpeedupFigure(report), renderEfficiencyFigure(report)] : []),
      ...lanes.map(({ lane }) => renderRateFigure(report, lane)),
      renderCostFigure(report),
    ]),
    renderLaws(report),
  ];
  return { id: 'scaling', title: 'Scaling', content };
}

/** Table of the scalability law's parameters, for each lane with enough different loads. */
function renderLaws(report: BenchReport): Content {
  const curves = supportedCurves(report);
  if (curves.length === 0) return undefined;
  const interval = ([low = NaN, high = NaN]: readonly number[], digits: number): string =>
    `${percent(low, digits)} – ${percent(high, digits)}`;
  const greatest = largest(report.scaling.map(({ members }) => effectiveMembers(members, report.workload.partitions)));
  return renderHtmlTable({
    caption: 'Universal Scalability Law',
    rows: curves,
    columns: [
      { title: 'lane', cell: ({ lane }) => lane },
      {
        title: 'records/s of one member',
        numeric: true,
        cell: (law) => exact(law.recordsPerSecond, whole(law.recordsPerSecond)),
      },
      { title: 'contention', numeric: true, cell: ({ contention }) => exact(contention, percent(contention, 1)) },
      { title: 'from – to', numeric: true, cell: ({ intervals }) => interval(intervals.contention, 1) },
      { title: 'coherency', numeric: true, cell: ({ coherency }) => exact(coherency, percent(coherency, 2)) },
      { title: 'from – to', numeric: true, cell: ({ intervals }) => interval(intervals.coherency, 2) },
      { title: 'from – to is', cell: curveIntervalText },
      { title: 'peak', cell: (curve) => peakText(curve, greatest) },
    ],
  });
}

function renderLaneTable(report: BenchReport, lane: ScalingReport['lane']): Content {
  const { partitions } = report.workload;
  const rows = report.scaling.filter((point) => point.lane === lane);
  const facts = report.lanes.find((entry) => entry.lane === lane);
  const service = facts === undefined || facts.workUs === 0 ? '' : `, each served for ${facts.workUs} µs`;
  const runsMax = largest(rows.map(({ runs }) => runs));
  const medians = runsMax === 1 ? 'one run each' : `medians of up to ${runsMax} runs`;
  const table = renderHtmlTable<ScalingReport>({
    caption: `${lane}: ${counted(facts?.records ?? 0, 'record')} per run${service}; ${medians}`,
    rows,
    columns: [
      { title: 'members', numeric: true, cell: ({ members }) => members },
      number('records/s', ({ recordsPerSecond }) => recordsPerSecond, whole),
      {
        title: 'interval or range',
        numeric: true,
        cell: ({ intervals, runs }) => range(intervals.recordsPerSecond, runs),
      },
      number('MiB/s', ({ mibPerSecond }) => mibPerSecond, short),
      number('speed-up', ({ speedup }) => speedup, times),
      { title: 'efficiency', numeric: true, cell: (point) => exact(point.efficiency, efficiencyText(point)) },
      number('CPU µs/record', ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord, short),
      number('join ms', ({ joinMs }) => joinMs, whole),
      { title: 'limited by', cell: limiterText },
      { title: 'partitions', cell: ({ assignment }) => owners(assignment) },
    ],
  });
  const notes = [...scalingNotes(rows, partitions), ...curveNotes(report, lane)].map((note) => html`<li>${note}</li>`);
  return html`${table}
    <ul class="notes">
      ${notes}
    </ul>`;
}

function number(title: string, valueOf: (point: ScalingReport) => number, text: (value: number) => string) {
  return { title, numeric: true, cell: (point: ScalingReport) => exact(valueOf(point), text(valueOf(point))) };
}

function range(interval: ScalingReport['intervals']['speedup'], runs: number): string {
  const { low, high } = interval;
  return runs < 2 ? '' : `${whole(low)} – ${whole(high)}${isSupported(interval) ? '' : ' (range)'}`;
}

function owners(assignment: readonly (readonly number[])[]): string {
  return assignment.map((owned) => (owned.length === 0 ? '-' : `{${formatNumbers(owned)}}`)).join(' ');
}
