import { axisX, axisY, dot, gridX, ruleY, text } from '@observablehq/plot';
import { largest } from '../../../../statistics/extremes.ts';
import { whole } from '../../../../numbers.ts';
import type { RebalanceRow as Row } from '../rebalance-schema.ts';
import { bottomLabel, marginBottomPx } from '../../../../report/html/chart.ts';
import { renderFigure } from '../../../../report/html/figure.ts';
import type { Markup } from '../../../../report/html/markup.ts';
import { abbreviated, exact } from '../../../../report/html/numbers.ts';
import { causeNames } from '../rebalance-causes.ts';
import { seriesColour, type Series } from '../../../../report/html/series.ts';
import { renderHtmlTable } from '../../../../report/html/table.ts';

const legend: readonly Series[] = [
  { name: 'median', colour: seriesColour(0), symbol: 'circle' },
  { name: 'longest', colour: seriesColour(1), symbol: 'square' },
];

/** Pauses of partitions, median and maximum: one row per protocol, one block per cause. */
export function renderGaps(rows: readonly Row[]): Markup {
  const bars = rows.map(({ protocol, cause, gapsMs }) => ({ protocol, cause: causeNames[cause], ...gapsMs }));
  const causes = [...new Set(bars.map(({ cause }) => cause))];
  const protocols = [...new Set(bars.map(({ protocol }) => protocol))];
  return renderFigure({
    id: 'gaps',
    title: 'Gaps',
    caption: 'Longest pause of a partition between two batches, by cause of the rebalance.',
    legend,
    chart: {
      label: `Pauses of partitions by cause and protocol, in milliseconds. ${bars.map(({ protocol, cause, p50, max }) => `${cause}, ${protocol}: median ${whole(p50)}, longest ${whole(max)}.`).join(' ')}`,
      draw: () => ({
        height: 64 + causes.length * (26 + 20 * protocols.length),
        marginBottom: marginBottomPx,
        marginLeft: 126,
        marginRight: 18,
        marginTop: 20,
        x: {
          domain: [0, largest([1, ...bars.map(({ max }) => max)])],
          nice: true,
        },
        y: { domain: protocols, type: 'point', padding: 0.6 },
        fy: { domain: causes, axis: null, padding: 0.22 },
        marks: [
          gridX({ ticks: 5 }),
          axisX({ ticks: 5, tickFormat: abbreviated, label: 'ms', ...bottomLabel }),
          axisY({ tickSize: 0, label: null }),
          text(causes, {
            fy: (cause: string) => cause,
            text: (cause: string) => cause,
            frameAnchor: 'top-left',
            dx: -122,
            dy: -12,
            textAnchor: 'start',
            fontWeight: 600,
          }),
          ruleY(bars, { y: 'protocol', fy: 'cause', x1: 'p50', x2: 'max', stroke: 'var(--soft)', strokeWidth: 1.5 }),
          dot(bars, {
            y: 'protocol',
            fy: 'cause',
            x: 'p50',
            fill: seriesColour(0),
            symbol: 'circle',
            r: 4.5,
            className: 'p50',
          }),
          dot(bars, {
            y: 'protocol',
            fy: 'cause',
            x: 'max',
            fill: seriesColour(1),
            symbol: 'square',
            r: 4.5,
            className: 'max',
          }),
        ],
      }),
    },
    table: renderHtmlTable({
      caption: 'Gaps in ms, by cause and protocol',
      rows: bars,
      columns: [
        { title: 'cause', cell: ({ cause }) => cause },
        { title: 'protocol', cell: ({ protocol }) => protocol },
        { title: 'median', numeric: true, cell: ({ p50 }) => exact(p50, whole(p50)) },
        { title: 'longest', numeric: true, cell: ({ max }) => exact(max, whole(max)) },
      ],
    }),
  });
}
