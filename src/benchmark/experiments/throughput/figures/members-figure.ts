import { axisX, axisY, dot, gridY, line, ruleX, type Markish } from '@observablehq/plot';
import { largest } from '../../../../statistics/extremes.ts';
import type { ScalingReport } from '../../../../results/report-parts.ts';
import { counted } from '../../../../numbers.ts';
import { bottomLabel, marginBottomPx } from '../../../../report/html/chart.ts';
import { renderFigure } from '../../../../report/html/figure.ts';
import type { Content, Markup } from '../../../../report/html/markup.ts';
import { abbreviated, exact } from '../../../../report/html/numbers.ts';
import { idealSeries, type Series } from '../../../../report/html/series.ts';
import { laneSeries } from './lane-series.ts';
import { renderHtmlTable, type TableColumn } from '../../../../report/html/table.ts';

/** A quantity by number of members, with one line per lane. */
export interface MembersFigure {
  readonly id: string;
  readonly title: string;
  readonly caption: Content;
  readonly points: readonly ScalingReport[];
  /** Unit shown on the axis, in the table and in the tooltips. */
  readonly unit: string;
  readonly valueOf: (point: ScalingReport) => number;
  readonly intervalOf?: (point: ScalingReport) => { readonly low: number; readonly high: number };
  readonly text: (value: number) => string;
  /** Reference values, plotted as a dotted line. */
  readonly ideal?: readonly MemberValue[];
  /** Values of single runs, plotted as small rings behind the medians. */
  readonly runs?: readonly MemberValue[];
  /** Fitted curves, plotted as additional lines. */
  readonly fits?: readonly Fit[];
}

export interface MemberValue {
  readonly members: number;
  readonly value: number;
}

export interface Fit {
  readonly lane: ScalingReport['lane'];
  readonly values: readonly MemberValue[];
}

export function renderMembersFigure(figure: MembersFigure): Markup {
  const { id, title, caption, points, unit, valueOf, text, ideal, fits = [] } = figure;
  const lanes = [...new Set(points.map(({ lane }) => lane))];
  const spoken = lanes.map((lane) => {
    const values = points.filter((point) => point.lane === lane);
    return `${lane}: ${values.map((point) => `${text(valueOf(point))} with ${point.members}`).join(', ')}.`;
  });
  const fitted = fits.map(({ lane }) => ({ ...fitLook(lane), name: `${lane}, fitted` }));
  return renderFigure({
    id,
    title,
    caption,
    legend: [...lanes.map(laneSeries), ...fitted, ...(ideal === undefined ? [] : [idealSeries])],
    chart: {
      label: `${title} by number of members. ${spoken.join(' ')}`,
      draw: ({ narrow }) => ({
        height: narrow ? 230 : 280,
        marginBottom: marginBottomPx,
        marginLeft: 44,
        marginTop: 26,
        marginRight: 10,
        x: { type: 'linear', domain: memberRange(points), inset: 14 },
        y: { domain: [0, 1.06 * greatest(figure)] },
        marks: [
          gridY({ ticks: 5 }),
          axisX({ ticks: memberTicks(points), tickFormat: String, label: 'members', ...bottomLabel }),
          axisY({ ticks: 5, tickFormat: abbreviated, label: unit, labelArrow: 'none' }),
          ...marks(figure, lanes),
        ],
      }),
    },
    table: renderHtmlTable({
      caption: `${title} by lane and number of members`,
      rows: points,
      columns: columns(figure),
    }),
  });
}

function marks(figure: MembersFigure, lanes: readonly ScalingReport['lane'][]): Markish[] {
  const { ideal = [], runs = [], fits = [], points } = figure;
  return [
    line(ideal, {
      x: 'members',
      y: 'value',
      stroke: idealSeries.colour,
      strokeWidth: 2,
      strokeDasharray: idealSeries.dashes,
      className: 'ideal',
    }),
    dot(runs, { x: 'members', y: 'value', r: 3.5, stroke: 'var(--soft)', strokeOpacity: 0.8, className: 'runs' }),
    ...fits.map(({ lane, values }) => {
      const { colour, dashes } = fitLook(lane);
      return line(values, {
        x: 'members',
        y: 'value',
        stroke: colour,
        strokeDasharray: dashes,
        className: `fit ${lane}`,
      });
    }),
    ...lanes.flatMap((lane, index) => {
      const shift = (index - (lanes.length - 1) / 2) * 6;
      return laneMarks(
        figure,
        points.filter((point) => point.lane === lane),
        shift,
      );
    }),
  ];
}

/**
 * The marks of a lane: a line through the medians, a symbol at each, and the intervals.
 * @param dx - horizontal offset in px, so that lanes do not cover each other
 */
function laneMarks(figure: MembersFigure, points: readonly ScalingReport[], dx: number): Markish[] {
  const { valueOf, intervalOf, text, unit } = figure;
  const [first] = points;
  if (first === undefined) return [];
  const { lane } = first;
  const { colour, symbol, dashes } = laneSeries(lane);
  const title = (point: ScalingReport): string =>
    `${lane}, ${counted(point.members, 'member')}: ${text(valueOf(point))} ${unit}`;
  const x = 'members';
  const low = (point: ScalingReport): number => intervalOf?.(point).low ?? NaN;
  const high = (point: ScalingReport): number => intervalOf?.(point).high ?? NaN;
  const caps = { x, stroke: colour, strokeWidth: 1.5, symbol: cap, dx };
  return [
    ruleX(points, { x, y1: low, y2: high, stroke: colour, strokeWidth: 1.5, dx, className: `interval ${lane}` }),
    dot(points, { ...caps, y: low, className: `low ${lane}` }),
    dot(points, { ...caps, y: high, className: `high ${lane}` }),
    line(points, {
      x,
      y: valueOf,
      stroke: colour,
      strokeWidth: 2,
      strokeDasharray: dashes,
      dx,
      className: `line ${lane}`,
    }),
    dot(points, { x, y: valueOf, fill: colour, symbol, r: 4.5, dx, title, className: `median ${lane}` }),
  ];
}

/** Symbol for the ends of an interval: a short horizontal line, in px. */
const cap = {
  draw(context: { moveTo(x: number, y: number): void; lineTo(x: number, y: number): void }): void {
    context.moveTo(-4, 0);
    context.lineTo(4, 0);
  },
};

function columns({ unit, valueOf, intervalOf, text, ideal, fits = [] }: MembersFigure): TableColumn<ScalingReport>[] {
  const number = (title: string, value: (point: ScalingReport) => number | undefined): TableColumn<ScalingReport> => ({
    title,
    numeric: true,
    cell: (point) => {
      const known = value(point);
      return known === undefined ? undefined : exact(known, text(known));
    },
  });
  return [
    { title: 'lane', cell: ({ lane }) => lane },
    { title: 'members', numeric: true, cell: ({ members }) => members },
    number(unit, valueOf),
    ...(intervalOf === undefined
      ? []
      : [number('low', (point) => intervalOf(point).low), number('high', (point) => intervalOf(point).high)]),
    ...(fits.length === 0
      ? []
      : [number('fitted', ({ lane, members }) => valueAt(fits.find((fit) => fit.lane === lane)?.values, members))]),
    ...(ideal === undefined ? [] : [number('ideal', ({ members }) => valueAt(ideal, members))]),
  ];
}

function valueAt(values: readonly MemberValue[] | undefined, members: number): number | undefined {
  return values?.find((entry) => entry.members === members)?.value;
}

function fitLook(lane: ScalingReport['lane']) {
  return { ...laneSeries(lane), symbol: 'none', dashes: '1 3' } as const satisfies Series;
}

function greatest({ points, valueOf, intervalOf, ideal = [], runs = [], fits = [] }: MembersFigure): number {
  const highs = points.map((point) => Math.max(valueOf(point), intervalOf?.(point).high ?? 0));
  const others = [...ideal, ...runs, ...fits.flatMap(({ values }) => values)].map(({ value }) => value);
  return largest([...highs, ...others]) || 1;
}

function memberTicks(points: readonly ScalingReport[]): number[] {
  return [...new Set(points.map(({ members }) => members))].sort((a, b) => a - b);
}

function memberRange(points: readonly ScalingReport[]): [number, number] {
  const ticks = memberTicks(points);
  const [least = 1, greatestTick = 1] = [ticks[0], ticks.at(-1)];
  return least === greatestTick ? [least - 1, least + 1] : [least, greatestTick];
}
