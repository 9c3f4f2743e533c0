import { axisX, axisY, gridX, gridY, line } from '@observablehq/plot';
import { largest, smallest } from '../../../../statistics/extremes.ts';
import type { LatencyPoint as Point } from '../latency-schema.ts';
import { counted } from '../../../../numbers.ts';
import { bottomLabel, marginBottomPx } from '../../../../report/html/chart.ts';
import { renderFigure } from '../../../../report/html/figure.ts';
import type { Markup } from '../../../../report/html/markup.ts';
import { exact } from '../../../../report/html/numbers.ts';
import { seriesColour, type Series } from '../../../../report/html/series.ts';
import { renderHtmlTable } from '../../../../report/html/table.ts';

type Curve = Point['curves']['corrected'];

const series = [
  { key: 'corrected', name: 'from the schedule', colour: seriesColour(0), symbol: 'none', dashes: 'none' },
  { key: 'sinceSent', name: 'from the hand-over', colour: seriesColour(1), symbol: 'none', dashes: '8 3' },
  { key: 'closedLoop', name: 'closed loop', colour: seriesColour(2), symbol: 'none', dashes: '2 3' },
] as const satisfies readonly (Series & { readonly key: keyof Point['curves'] })[];

/**
 * Percentiles on an axis scaled by the number of nines, which gives the tail as much space as the
 * rest.
 */
export function renderPercentileCurve(point: Point): Markup {
  const { members, curves } = point;
  const all = series.flatMap(({ key }) => curves[key]);
  // The maximum (100 %) has infinitely many nines; it gets the tick after the last finite one.
  const finite = all.map(([percentile]) => ninesOf(percentile)).filter(Number.isFinite);
  const nines = Math.floor(largest([1, ...finite])) + 1;
  const least = smallest(all.map(([, value]) => value));
  // A logarithmic scale would drop values of 0 or below, so the scale is linear if there are any.
  const scale = least > 0 ? 'log' : 'linear';
  return renderFigure({
    id: `percentiles-${members}`,
    title: `Latency by percentile, ${counted(members, 'member')}`,
    caption:
      'The first line measures from the scheduled time and omits nothing. The other two show what a test reports that starts its clock at the send, or that waits for each record before it sends the next.',
    legend: series,
    chart: {
      label: `Latency percentiles with ${counted(members, 'member')}. ${series.map(({ key, name }) => spoken(name, curves[key])).join(' ')}`,
      draw: ({ narrow }) => ({
        height: narrow ? 240 : 290,
        marginBottom: marginBottomPx,
        marginLeft: 48,
        marginTop: 26,
        marginRight: 26,
        x: { domain: [0, nines] },
        y: { type: scale, nice: true },
        marks: [
          gridY({ ticks: 5 }),
          gridX({ ticks: tickNines(nines) }),
          axisX({
            ticks: tickNines(nines),
            tickFormat: (tick: number) => (tick === nines ? 'max' : ninesText(tick)),
            label: 'percentile',
            ...bottomLabel,
          }),
          axisY({ ticks: 5, tickFormat: plain, label: 'ms', labelArrow: 'none' }),
          ...series.map(({ key, colour, dashes }) =>
            line(curves[key], {
              x: ([percentile]: Curve[number]) => Math.min(nines, ninesOf(percentile)),
              y: ([, value]: Curve[number]) => value,
              stroke: colour,
              strokeWidth: 2,
              strokeDasharray: dashes,
              className: `curve ${key}`,
            }),
          ),
        ],
      }),
    },
    table: renderHtmlTable({
      caption: `Latency in ms by percentile, ${counted(members, 'member')}`,
      rows: curves.corrected.map(([percentile]) => percentile),
      columns: [
        { title: 'percentile', numeric: true, cell: (percentile) => exact(percentile, percentileText(percentile)) },
        ...series.map(({ key, name }) => ({
          title: name,
          numeric: true,
          cell: (percentile: number) => {
            const value = curves[key].find(([other]) => other === percentile)?.[1];
            return value === undefined ? undefined : exact(value, latencyMs(value));
          },
        })),
      ],
    }),
  });
}

/** Formats milliseconds: two decimals below 10, one below 1,000, none from there. */
export function latencyMs(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 1_000 ? 1 : 0);
}

/** Number of nines of a percentile: 1 for 90 %, 2 for 99 %. */
function ninesOf(percentile: number): number {
  return percentile >= 100 ? Infinity : -Math.log10(1 - percentile / 100);
}

function tickNines(nines: number): number[] {
  return [0, ...Array.from({ length: nines }, (_, index) => index + 1)];
}

function ninesText(nines: number): string {
  return nines === 0 ? '0' : percentileText(100 - 100 * 10 ** -nines);
}

function percentileText(percentile: number): string {
  return String(Number(percentile.toFixed(4)));
}

function plain(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function spoken(name: string, curve: Curve): string {
  const median = curve.find(([percentile]) => percentile >= 50)?.[1];
  const most = curve.at(-1)?.[1];
  return median === undefined || most === undefined
    ? ''
    : `${name}: median ${latencyMs(median)} ms, greatest ${latencyMs(most)} ms.`;
}
