import { axisX, axisY, dot, gridX, ruleY } from '@observablehq/plot';
import { largest, smallest } from '../../../../statistics/extremes.ts';
import type { LatencyPoint as Point } from '../latency-schema.ts';
import { counted } from '../../../../numbers.ts';
import { bottomLabel, marginBottomPx } from '../../../../report/html/chart.ts';
import { renderFigure } from '../../../../report/html/figure.ts';
import type { Markup } from '../../../../report/html/markup.ts';
import { exact } from '../../../../report/html/numbers.ts';
import { latencyMs } from './percentile-figure.ts';
import { seriesColour, type Series } from '../../../../report/html/series.ts';
import { renderHtmlTable } from '../../../../report/html/table.ts';

type Stage = keyof Point['splitMs'];

const stages: readonly Stage[] = ['produce', 'broker', 'fetch', 'queue', 'count'];
const legend: readonly Series[] = [
  { name: 'median', colour: seriesColour(0), symbol: 'circle' },
  { name: '99 %', colour: seriesColour(1), symbol: 'square' },
];

/** Latency by stage: median and 99th percentile of each. */
export function renderSplit({ members, splitMs }: Point): Markup {
  const rows = stages.map((stage) => ({ stage, p50: splitMs[stage].p50, p99: splitMs[stage].p99 }));
  const values = rows.flatMap(({ p50, p99 }) => [p50, p99, 0]);
  return renderFigure({
    id: `split-${members}`,
    title: `Latency by stage, ${counted(members, 'member')}`,
    caption:
      'Stages add up for each record; their percentiles do not. A negative fetch time means that the member received the record before the producer received its acknowledgement.',
    legend,
    chart: {
      label: `Median and 99th percentile of each stage in milliseconds. ${rows.map(({ stage, p50, p99 }) => `${stage}: ${latencyMs(p50)} and ${latencyMs(p99)}.`).join(' ')}`,
      draw: () => ({
        height: 66 + 30 * stages.length,
        marginBottom: marginBottomPx,
        marginLeft: 62,
        marginRight: 20,
        marginTop: 6,
        x: { domain: [smallest(values), largest(values)], nice: true },
        y: { domain: [...stages], type: 'point', padding: 0.5 },
        marks: [
          gridX({ ticks: 5 }),
          axisX({ ticks: 5, label: 'ms', ...bottomLabel }),
          axisY({ tickSize: 0, label: null }),
          ruleY(rows, { y: 'stage', x1: 'p50', x2: 'p99', stroke: 'var(--soft)', strokeWidth: 1.5 }),
          dot(rows, { y: 'stage', x: 'p50', fill: seriesColour(0), symbol: 'circle', r: 4.5, className: 'p50' }),
          dot(rows, { y: 'stage', x: 'p99', fill: seriesColour(1), symbol: 'square', r: 4.5, className: 'p99' }),
        ],
      }),
    },
    table: renderHtmlTable({
      caption: `Milliseconds of each stage, ${counted(members, 'member')}`,
      rows,
      columns: [
        { title: 'stage', cell: ({ stage }) => stage },
        { title: 'median', numeric: true, cell: ({ p50 }) => exact(p50, latencyMs(p50)) },
        { title: '99 %', numeric: true, cell: ({ p99 }) => exact(p99, latencyMs(p99)) },
      ],
    }),
  });
}
