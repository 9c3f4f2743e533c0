import { largest } from '../../metrics/extremes.ts';
import { curveNotes, limiterNames } from '../curve-text.ts';
import { scalingNotes } from '../scaling-notes.ts';
import type { BenchReport, ScalingReport } from '../schema.ts';
import { html, type Content } from './markup.ts';
import { counted, percent, whole } from '../numbers.ts';
import { exact, short, times } from './numbers.ts';
import { renderCostFigure, renderEfficiencyFigure, renderRateFigure, renderSpeedupFigure } from './scaling-figures.ts';
import { renderFigures, type Section } from './section.ts';
import { renderTable } from './table.ts';

/** How the rate grows with the members. Undefined where nothing of the kind was measured. */
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

/** The scalability law of each lane, as three numbers that say why a curve bends. */
function renderLaws({ curves }: BenchReport): Content {
  if (curves.length === 0) return undefined;
  const interval = ([low = NaN, high = NaN]: readonly number[], digits: number): string =>
    `${percent(low, digits)} – ${percent(high, digits)}`;
  return renderTable({
    caption: 'Universal Scalability Law, with 95 % intervals',
    rows: curves,
    columns: [
      { title: 'lane', cell: ({ lane }) => lane },
      {
        title: 'records/s of one',
        numeric: true,
        cell: (law) => exact(law.recordsPerSecond, whole(law.recordsPerSecond)),
      },
      { title: 'contention', numeric: true, cell: ({ contention }) => exact(contention, percent(contention, 1)) },
      { title: 'interval', numeric: true, cell: ({ intervals }) => interval(intervals.contention, 1) },
      { title: 'coherency', numeric: true, cell: ({ coherency }) => exact(coherency, percent(coherency, 2)) },
      { title: 'interval', numeric: true, cell: ({ intervals }) => interval(intervals.coherency, 2) },
      {
        title: 'peak, members at work',
        numeric: true,
        cell: ({ peakLoad }) => (peakLoad === undefined ? 'none' : exact(peakLoad, peakLoad.toFixed(1))),
      },
      { title: 'R²', numeric: true, cell: ({ rSquared }) => exact(rSquared, rSquared.toFixed(3)) },
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
  const table = renderTable<ScalingReport>({
    caption: `${lane}: ${counted(facts?.records ?? 0, 'record')} a run${service}; ${medians}`,
    rows,
    columns: [
      { title: 'members', numeric: true, cell: ({ members }) => members },
      number('records/s', ({ recordsPerSecond }) => recordsPerSecond, whole),
      { title: 'interval', numeric: true, cell: ({ intervals, runs }) => range(intervals.recordsPerSecond, runs) },
      number('MiB/s', ({ mibPerSecond }) => mibPerSecond, short),
      number('speed-up', ({ speedup }) => speedup, times),
      number('efficiency', ({ efficiency }) => efficiency, percent),
      number('CPU µs/record', ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord, short),
      number('join ms', ({ joinMs }) => joinMs, whole),
      { title: 'limited by', cell: ({ limiter }) => limiterNames[limiter.name] },
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

function range({ low, high }: ScalingReport['intervals']['speedup'], runs: number): string {
  return runs < 2 ? '' : `${whole(low)} – ${whole(high)}`;
}

function owners(assignment: readonly (readonly number[])[]): string {
  return assignment.map((owned) => (owned.length === 0 ? '-' : `{${owned.join(',')}}`)).join(' ');
}
