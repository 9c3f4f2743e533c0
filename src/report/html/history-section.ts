import { axisX, axisY, dot, gridY, line } from '@observablehq/plot';
import { largest } from '../../statistics/extremes.ts';
import { counted, whole } from '../../numbers.ts';
import type { ScalingReport } from '../../results/report-parts.ts';
import type { BenchReport } from '../../results/schema.ts';
import { bottomLabel, marginBottomPx } from './chart.ts';
import { renderFigure } from './figure.ts';
import { foreign, type Markup } from './markup.ts';
import { abbreviated, exact } from './numbers.ts';
import { renderFigures, type Section } from './section.ts';
import { rankedSeries } from './series.ts';
import { renderHtmlTable } from './table.ts';

/** An earlier bench. One line of a history file contains all these fields. */
export interface PastBench {
  readonly startedAt: string;
  /**
   * Only benches of the report's machine are plotted. A bench without a machine id is assumed to be
   * one of them.
   */
  readonly machine?: string | undefined;
  readonly revision?: string | undefined;
  readonly points: readonly Pick<ScalingReport, 'lane' | 'members' | 'recordsPerSecond'>[];
}

interface PastPoint {
  /** Position in the history, counted from 1 (the oldest). */
  readonly order: number;
  readonly bench: PastBench;
  readonly members: number;
  readonly recordsPerSecond: number;
}

/**
 * Plots earlier benches of the same machine, followed by this one.
 * @returns undefined when there are no earlier ones
 */
export function historySection(report: BenchReport, history: readonly PastBench[]): Section | undefined {
  const { machine, git } = report.environment;
  const earlier = history.filter(
    (bench) => bench.startedAt !== report.startedAt && (bench.machine ?? machine) === machine,
  );
  if (earlier.length === 0) return undefined;
  const current: PastBench = { startedAt: report.startedAt, machine, revision: git?.revision, points: report.scaling };
  const benches = [...earlier, current].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const left = history.length - earlier.length;
  const lanes = report.lanes
    .map(({ lane }) => lane)
    .filter((lane) => report.scaling.some((point) => point.lane === lane));
  const content = renderFigures(lanes.map((lane) => renderLaneHistory(benches, lane, left)));
  return { id: 'history', title: 'History', content };
}

function renderLaneHistory(benches: readonly PastBench[], lane: ScalingReport['lane'], left: number): Markup {
  const points = benches.flatMap((bench, index) =>
    bench.points
      .filter((point) => point.lane === lane)
      .map(({ members, recordsPerSecond }): PastPoint => ({ order: index + 1, bench, members, recordsPerSecond })),
  );
  const counts = [...new Set(points.map(({ members }) => members))].sort((a, b) => a - b);
  const series = counts.map((members, rank) => rankedSeries(counted(members, 'member'), rank));
  const others = left === 0 ? '' : ` Not shown: ${left} of other machines, or this bench itself.`;
  return renderFigure({
    id: `history-${lane}`,
    title: `Rate in lane ${lane} over time`,
    caption: `Medians of ${benches.length} benches on this machine, oldest first, this one last.${others}`,
    legend: series,
    chart: {
      label: `Records per second in lane ${lane} over ${benches.length} benches. ${counts.map((members) => spoken(points, members)).join(' ')}`,
      draw: ({ narrow }) => ({
        height: narrow ? 230 : 280,
        marginBottom: marginBottomPx,
        marginLeft: 44,
        marginTop: 26,
        marginRight: 14,
        x: { domain: [1, benches.length], inset: 8 },
        y: {
          domain: [0, 1.06 * largest([1, ...points.map(({ recordsPerSecond }) => recordsPerSecond)])],
        },
        marks: [
          gridY({ ticks: 5 }),
          axisX({
            ticks: Math.min(benches.length - 1, narrow ? 5 : 10),
            tickFormat: wholeTick,
            label: 'bench',
            ...bottomLabel,
          }),
          axisY({ ticks: 5, tickFormat: abbreviated, label: 'records/s', labelArrow: 'none' }),
          ...counts.flatMap((members, rank) => {
            const { colour, symbol, paint, dashes } = rankedSeries('', rank);
            const data = points.filter((point) => point.members === members);
            const place = { x: 'order', y: 'recordsPerSecond' };
            const className = `bench members-${members}`;
            return [
              line(data, { ...place, stroke: colour, strokeWidth: 1.5, strokeDasharray: dashes }),
              dot(data, { ...place, [paint]: colour, symbol, r: 3.5, title: tooltip, className }),
            ];
          }),
        ],
      }),
    },
    table: renderHtmlTable({
      caption: `Records per second in lane ${lane}, by bench and number of members`,
      rows: benches.map((bench, index) => ({ bench, order: index + 1 })),
      columns: [
        { title: 'bench', numeric: true, cell: ({ order }) => order },
        { title: 'begin', cell: ({ bench }) => bench.startedAt },
        {
          title: 'revision',
          cell: ({ bench }) => (bench.revision === undefined ? undefined : foreign(bench.revision.slice(0, 12))),
        },
        ...counts.map((members) => ({
          title: counted(members, 'member'),
          numeric: true,
          cell: ({ order }: { readonly order: number }) => {
            const rate = points.find((point) => point.order === order && point.members === members)?.recordsPerSecond;
            return rate === undefined ? undefined : exact(rate, whole(rate));
          },
        })),
      ],
    }),
  });
}

function spoken(points: readonly PastPoint[], members: number): string {
  const rates = points.filter((point) => point.members === members).map(({ recordsPerSecond }) => recordsPerSecond);
  return `Members ${members}: first ${whole(rates[0] ?? 0)}, last ${whole(rates.at(-1) ?? 0)}.`;
}

function tooltip({ bench, members, recordsPerSecond }: PastPoint): string {
  const revision = bench.revision === undefined ? '' : `, ${bench.revision.slice(0, 12)}`;
  return `${bench.startedAt}${revision}, members: ${members}, ${whole(recordsPerSecond)} records/s`;
}

function wholeTick(value: number): string {
  return Number.isInteger(value) ? String(value) : '';
}
