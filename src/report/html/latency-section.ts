import { counted, percent, whole } from '../../results/numbers.ts';
import type { BenchReport } from '../../results/schema.ts';
import { renderCapacity } from '../../benchmark/experiments/latency/figures/capacity-figure.ts';
import { html, type Content } from './markup.ts';
import { exact } from './numbers.ts';
import { latencyMs, renderPercentileCurve } from '../../benchmark/experiments/latency/figures/percentile-figure.ts';
import { supportedPercentiles } from '../../benchmark/experiments/latency/percentile-support.ts';
import { renderFigures, type Section } from './section.ts';
import { renderSplit } from '../../benchmark/experiments/latency/figures/split-figure.ts';
import { renderTable } from './table.ts';

type Latency = NonNullable<BenchReport['latency']>;
type Point = Latency['points'][number];
type Percentiles = Point['correctedMs'];

/** How long records took from their schedule to their count. */
export function latencySection({ latency }: BenchReport): Section | undefined {
  if (latency === undefined || latency.points.length === 0) return undefined;
  const { ratePerSecond, durationMs, warmUpMs, points, capacity = [], runs } = latency;
  const wrong = runs.filter(({ verified }) => !verified).length;
  const content: Content = [
    html`<p>
      ${whole(ratePerSecond)} records a second for ${whole(durationMs / 1_000)} s, on a schedule that nothing shifts;
      the first ${(warmUpMs / 1_000).toFixed(1)} s of each run are left out. Milliseconds, exact, no value left out; -
      where fewer than ten values lie beyond a percentile.
    </p>`,
    wrong === 0 ? undefined : html`<p class="verdict bad">${counted(wrong, 'latency run')} with wrong counts</p>`,
    points.map(renderPercentiles),
    renderFigures([...points.map(renderPercentileCurve), ...points.map(renderSplit), ...capacity.map(renderCapacity)]),
  ];
  return { id: 'latency', title: 'Latency', content };
}

function renderPercentiles(point: Point): Content {
  const { splitMs } = point;
  const rows: readonly (readonly [string, Percentiles])[] = [
    ['total', point.correctedMs],
    ['… produce', splitMs.produce],
    ['… broker', splitMs.broker],
    ['… fetch', splitMs.fetch],
    ['… queue (upper bound)', splitMs.queue],
    ['… count', splitMs.count],
    ['from hand-over', point.sinceSentMs],
    ['closed loop', point.closedLoopMs],
  ];
  const column = (title: string, valueOf: (row: Percentiles) => number | undefined) => ({
    title,
    numeric: true,
    cell: ([, row]: readonly [string, Percentiles]) => {
      const value = valueOf(row);
      return value === undefined ? '-' : exact(value, latencyMs(value));
    },
  });
  const supported = (name: 'p50' | 'p90' | 'p99' | 'p99_9' | 'p99_99') => (row: Percentiles) =>
    supportedPercentiles(row)[name];
  return renderTable({
    caption: `${counted(point.members, 'member')}, ${counted(point.runs, 'run')}: milliseconds from the scheduled time to the count, in total and by stage`,
    rows,
    columns: [
      { title: 'time', cell: ([name]) => name },
      column('min', ({ min }) => min),
      column('50 %', supported('p50')),
      column('90 %', supported('p90')),
      column('99 %', supported('p99')),
      column('99.9 %', supported('p99_9')),
      column('99.99 %', supported('p99_99')),
      column('max', ({ max }) => max),
      { title: 'values', numeric: true, cell: ([, { count }]) => whole(count) },
      { title: '0 or less', numeric: true, cell: ([, row]) => share(row.zeroOrLess, row.count) },
    ],
  });
}

function share(part: number, all: number): string {
  return part === 0 ? '0' : `${whole(part)} (${percent(part / Math.max(1, all), 1)})`;
}
