import { renderColumns, type Column } from './columns.ts';
import type {
  Capacity,
  LatencyPoint,
  LatencyReport,
  LatencyRun,
  Percentiles,
} from '../benchmark/experiments/latency/latency-schema.ts';
import { percent, whole } from '../results/numbers.ts';
import { supportedPercentiles } from '../benchmark/experiments/latency/percentile-support.ts';

const shown = ['p50', 'p90', 'p99', 'p99_9', 'p99_99'] as const;

/**
 * The latency section as text: one table per number of members, and the capacity if it was
 * searched.
 */
export function renderLatency(report: LatencyReport): string {
  const { ratePerSecond, durationMs, warmUpMs, partitions } = report;
  const head = `latency: ${whole(ratePerSecond)} records/s on a schedule for ${seconds(durationMs)} s, ${partitions} partitions; milliseconds`;
  const notes = [
    `the first ${seconds(warmUpMs)} s of each run are excluded from the percentiles`,
    'total: from the scheduled time until the count is visible to readers, and its stages',
    'from hand-over, closed loop: results of a test that ignores delays of its producer, or that waits for each record before it sends the next',
  ];
  return [head, ...report.points.map(renderPoint), ...notes, ...(report.capacity ?? []).map(renderCapacity)].join('\n');
}

function renderPoint(point: LatencyPoint): string {
  const { splitMs } = point;
  const rows: readonly (readonly [string, Percentiles])[] = [
    ['total', point.correctedMs],
    ['  produce', splitMs.produce],
    ['  broker', splitMs.broker],
    ['  fetch', splitMs.fetch],
    ['  queue (max)', splitMs.queue],
    ['  count', splitMs.count],
    ['from hand-over', point.sinceSentMs],
    ['closed loop', point.closedLoopMs],
  ];
  const right = (title: string, cell: (row: Percentiles) => string): Column => ({
    title,
    align: 'right',
    cells: rows.map(([, row]) => cell(row)),
  });
  const runs = point.runs === 1 ? 'one run' : `${point.runs} runs pooled`;
  const table = renderColumns([
    { title: `members: ${point.members}`, align: 'left', cells: rows.map(([name]) => name) },
    right('min', ({ min }) => milliseconds(min)),
    ...shown.map((name) =>
      right(name.replace('_', '.'), (row) => {
        const value = supportedPercentiles(row)[name];
        return value === undefined ? '-' : milliseconds(value);
      }),
    ),
    right('max', ({ max }) => milliseconds(max)),
    right('mean', ({ mean }) => milliseconds(mean)),
    right('values', ({ count }) => whole(count)),
    right('0 or less', ({ zeroOrLess }) => whole(zeroOrLess)),
  ]);
  const isShort = shown.some((name) => supportedPercentiles(point.correctedMs)[name] === undefined);
  const note = '-: fewer than ten values are beyond this percentile';
  return [runs, table, ...(isShort ? [note] : [])].join('\n');
}

function renderCapacity(capacity: Capacity): string {
  const { members, p99MsBound, ratePerSecond, probes, limited = false } = capacity;
  const tries = `${probes.length} probes`;
  if (ratePerSecond === undefined) return `capacity, members: ${members}: no rate met p99 ${p99MsBound} ms (${tries})`;
  const within = limited ? 'the highest rate that could be probed' : `within ${percent(capacity.precision)}`;
  return `capacity, members: ${members}: ${whole(ratePerSecond)} records/s with p99 up to ${p99MsBound} ms, ${within}, confirmed (${tries})`;
}

/** One progress line per finished run. */
export function renderLatencyRun(run: LatencyRun): string {
  const { members, repetition, ratePerSecond, correctedMs, catchUpMs } = run;
  const name = repetition === 0 ? ' (not in the table)' : '';
  const verdict = run.verified ? 'all counts correct' : 'COUNTED WRONG';
  const { p50, p99, max } = correctedMs;
  return `latency, members: ${members}${name}: ${whole(ratePerSecond)} records/s, p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)} ms, last record counted ${milliseconds(catchUpMs)} ms after its scheduled time, ${verdict}`;
}

function milliseconds(value: number): string {
  return value.toFixed(2);
}

function seconds(valueMs: number): string {
  return String(Number((valueMs / 1_000).toFixed(1)));
}
