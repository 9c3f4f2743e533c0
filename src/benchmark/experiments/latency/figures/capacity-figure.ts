import { axisX, axisY, dot, gridY, ruleY } from '@observablehq/plot';
import { largest, smallest } from '../../../../statistics/extremes.ts';
import { counted, percent, whole } from '../../../../numbers.ts';
import type { Capacity } from '../latency-schema.ts';
import { bottomLabel, marginBottomPx } from '../../../../report/html/chart.ts';
import { renderFigure } from '../../../../report/html/figure.ts';
import type { Markup } from '../../../../report/html/markup.ts';
import { abbreviated, exact } from '../../../../report/html/numbers.ts';
import { latencyMs } from './percentile-figure.ts';
import { seriesColour, type Series } from '../../../../report/html/series.ts';
import { renderHtmlTable } from '../../../../report/html/table.ts';

type Probe = Capacity['probes'][number];

const held: Series = { name: 'within the bound', colour: seriesColour(0), symbol: 'circle' };
const failed: Series = { name: 'beyond the bound', colour: 'var(--bad)', symbol: 'times' };
const bound: Series = { name: 'bound', colour: 'var(--soft)', symbol: 'none', dashes: '2 4' };

/** The probes of the search for the highest rate whose 99th percentile stays within a bound. */
export function renderCapacity({
  members,
  p99MsBound,
  ratePerSecond,
  precision,
  probes,
  limited = false,
}: Capacity): Markup {
  const found =
    ratePerSecond === undefined
      ? 'No rate met it.'
      : `${whole(ratePerSecond)} records/s met it and was confirmed by repetition, ${limited ? 'the highest rate that could be probed' : `within ${percent(precision)}`}.`;
  const most = largest([p99MsBound, ...probes.map(({ p99Ms }) => p99Ms)]);
  const marks = (passed: boolean): Probe[] => probes.filter((probe) => probe.passed === passed);
  const place = { x: 'ratePerSecond', y: 'p99Ms', r: 4.5 } as const;
  return renderFigure({
    id: `capacity-${members}`,
    title: `Capacity, ${counted(members, 'member')}`,
    caption: `99 % of the records counted within ${p99MsBound} ms of their scheduled time. ${found}`,
    legend: [held, failed, bound],
    chart: {
      label: `99th percentile by rate, ${counted(probes.length, 'probe')}. ${found}`,
      draw: ({ narrow }) => ({
        height: narrow ? 220 : 260,
        marginBottom: marginBottomPx,
        marginLeft: 48,
        marginTop: 26,
        marginRight: 16,
        x: { nice: true, inset: 6 },
        y: { type: 'log', domain: [Math.max(0.1, 0.8 * smallest(probes.map(({ p99Ms }) => p99Ms))), 1.2 * most] },
        marks: [
          gridY({ ticks: 4 }),
          axisX({ ticks: narrow ? 4 : 6, tickFormat: abbreviated, label: 'records/s', ...bottomLabel }),
          axisY({ ticks: 4, tickFormat: abbreviated, label: 'p99 ms', labelArrow: 'none' }),
          ruleY([p99MsBound], { stroke: bound.colour, strokeWidth: 2, strokeDasharray: '2 4' }),
          dot(marks(true), { ...place, fill: held.colour, symbol: 'circle', className: 'held' }),
          dot(marks(false), { ...place, stroke: failed.colour, strokeWidth: 2, symbol: 'times', className: 'failed' }),
        ],
      }),
    },
    table: renderHtmlTable<Probe>({
      caption: 'All probes, in the order in which they ran',
      rows: probes,
      columns: [
        { title: 'purpose', cell: ({ purpose }) => purpose },
        { title: 'records/s', numeric: true, cell: (probe) => exact(probe.ratePerSecond, whole(probe.ratePerSecond)) },
        { title: 'p99 ms', numeric: true, cell: ({ p99Ms }) => exact(p99Ms, latencyMs(p99Ms)) },
        {
          title: 'last record late by ms',
          numeric: true,
          cell: ({ catchUpMs }) => exact(catchUpMs, latencyMs(catchUpMs)),
        },
        { title: 'bound', cell: ({ passed }) => (passed ? 'held' : 'failed') },
      ],
    }),
  });
}
