import type { LatencyRun } from '../latency-schema.ts';
import { whole } from '../../../../numbers.ts';

/** One progress line per finished run. */
export function latencyRunLine(run: LatencyRun): string {
  const { members, repetition, ratePerSecond, correctedMs, catchUpMs } = run;
  const name = repetition === 0 ? ' (not in the table)' : '';
  const verdict = run.verified ? 'all counts correct' : 'COUNTED WRONG';
  const [p50, p99, max] = [correctedMs.p50, correctedMs.p99, correctedMs.max].map((value) => value.toFixed(2));
  return `latency, members: ${members}${name}: ${whole(ratePerSecond)} records/s, p50 ${p50 ?? ''}, p99 ${p99 ?? ''}, max ${max ?? ''} ms, last record counted ${catchUpMs.toFixed(2)} ms after its scheduled time, ${verdict}`;
}
