import { axisX, dot, frame, ruleY, text } from '@observablehq/plot';
import { largest } from '../../../../statistics/extremes.ts';
import type { RunReport } from '../../../../results/report-parts.ts';
import { bottomLabel, marginBottomPx } from '../../../../report/html/chart.ts';
import { renderFigure } from '../../../../report/html/figure.ts';
import { html, type Markup } from '../../../../report/html/markup.ts';
import { counted, whole } from '../../../../numbers.ts';
import { exact, short } from '../../../../report/html/numbers.ts';
import { kindsOf, placedRuns, runStates, type PlacedRun, type RunState } from './placed-runs.ts';
import type { Series } from '../../../../report/html/series.ts';
import { renderHtmlTable, type TableColumn } from '../../../../report/html/table.ts';

const looks = {
  undisturbed: { colour: 'var(--series-1)', symbol: 'circle', inLegend: 'circle', filled: true },
  disturbed: { colour: 'var(--series-2)', symbol: 'triangle', inLegend: 'triangle', filled: true },
  'warm-up': { colour: 'var(--soft)', symbol: 'circle', inLegend: 'ring', filled: false },
  'wrong counts': { colour: 'var(--bad)', symbol: 'times', inLegend: 'times', filled: false },
} as const satisfies Record<RunState, unknown>;

/**
 * Plots each lane and number of members in a separate row, so that they need no colours. The x axis
 * is the order of the runs, which makes drift visible.
 */
export function renderScatter(runs: readonly RunReport[]): Markup {
  const placed = placedRuns(runs);
  const kinds = kindsOf(runs);
  const known = placed.filter(({ deviation }) => deviation !== undefined);
  const widest = largest([1, ...known.map(({ deviation }) => Math.abs(deviation ?? 0))]);
  const present = runStates.filter((state) => known.some((run) => run.state === state));
  return renderFigure({
    id: 'run-by-run',
    title: 'Run by run',
    caption: `Each row shows the runs of one lane and number of members, in the order in which they ran. The line is the median of their rates; the edges of the row are ${widest.toFixed(0)} % above and below it.`,
    legend: present.map(legendOf),
    chart: {
      label: `Rate of every run against the median of its row, in the order in which they ran. ${spoken(placed)}`,
      draw: ({ narrow }) => ({
        height: 50 + 40 * kinds.length,
        marginBottom: marginBottomPx,
        marginLeft: 66,
        marginTop: 6,
        marginRight: 16,
        x: { domain: [1, Math.max(2, runs.length)], inset: 8 },
        y: { domain: [-widest, widest], axis: null, insetTop: 5, insetBottom: 5 },
        fy: { domain: kinds, axis: null, padding: 0.12 },
        marks: [
          frame({ fill: 'var(--panel)', stroke: 'none', rx: 4 }),
          ruleY(kinds, { y: 0, fy: (kind: string) => kind, stroke: 'var(--line)' }),
          text(kinds, {
            fy: (kind: string) => kind,
            text: (kind: string) => kind,
            frameAnchor: 'left',
            dx: -58,
            textAnchor: 'start',
          }),
          axisX({ ticks: narrow ? 5 : 10, tickFormat: wholeTick, label: 'run', ...bottomLabel }),
          ...present.map((state) => {
            const { colour, symbol, filled } = looks[state];
            const data = known.filter((run) => run.state === state);
            const shape = { x: 'order', y: 'deviation', fy: 'kind', symbol, r: 4, title: tooltip, className: state };
            return dot(data, filled ? { ...shape, fill: colour } : { ...shape, stroke: colour });
          }),
        ],
      }),
    },
    table: renderHtmlTable({ caption: 'All runs, in the order in which they ran', rows: placed, columns }),
  });
}

const columns: readonly TableColumn<PlacedRun>[] = [
  { title: 'run', numeric: true, cell: ({ order }) => order },
  { title: 'lane', cell: ({ lane }) => lane },
  { title: 'members', numeric: true, cell: ({ members }) => members },
  { title: 'repetition', numeric: true, cell: ({ warmUp, repetition }) => (warmUp ? 'warm-up' : repetition) },
  { title: 'records/s', numeric: true, cell: (run) => exact(run.recordsPerSecond, whole(run.recordsPerSecond)) },
  {
    title: 'from the median',
    numeric: true,
    cell: ({ deviation }) => (deviation === undefined ? undefined : exact(deviation, signed(deviation))),
  },
  { title: 'duration ms', numeric: true, cell: ({ durationMs }) => exact(durationMs, whole(durationMs)) },
  { title: 'join ms', numeric: true, cell: ({ joinMs }) => exact(joinMs, whole(joinMs)) },
  {
    title: 'CPU µs/record',
    numeric: true,
    cell: (run) => exact(run.cpuMicrosPerRecord, short(run.cpuMicrosPerRecord)),
  },
  { title: 'peak RSS MiB', numeric: true, cell: ({ peakRssMib }) => exact(peakRssMib, whole(peakRssMib)) },
  { title: 'rebalances', numeric: true, cell: ({ rebalances }) => rebalances },
  { title: 'refused writes', numeric: true, cell: ({ refusedWrites }) => refusedWrites },
  {
    title: 'counts',
    cell: ({ verified }) => (verified ? 'all counts correct' : html`<strong>wrong counts</strong>`),
  },
];

function legendOf(state: RunState): Series {
  const { colour, inLegend } = looks[state];
  return { name: state, colour, symbol: inLegend };
}

function spoken(placed: readonly PlacedRun[]): string {
  const measured = placed.filter(({ warmUp, deviation }) => !warmUp && deviation !== undefined);
  const [first] = measured;
  if (first === undefined) return '';
  const far = measured.reduce((most, run) => (distance(run) > distance(most) ? run : most), first);
  return `Farthest: run ${far.order} (${far.lane}, ${counted(far.members, 'member')}), ${signed(far.deviation ?? 0)}.`;
}

function distance({ deviation }: PlacedRun): number {
  return Math.abs(deviation ?? 0);
}

function tooltip({ order, lane, members, state, recordsPerSecond, deviation }: PlacedRun): string {
  return `run ${order}, ${lane}, ${counted(members, 'member')}, ${state}: ${whole(recordsPerSecond)} records/s, ${signed(deviation ?? 0)}`;
}

function signed(value: number): string {
  const digits = Math.abs(value) < 10 ? 1 : 0;
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(digits)} %`;
}

function wholeTick(value: number): string {
  return Number.isInteger(value) ? String(value) : '';
}
