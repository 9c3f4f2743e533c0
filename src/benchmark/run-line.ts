import { counted, whole } from '../numbers.ts';
import type { RunReport } from '../results/report-parts.ts';

/** One progress line per finished run. */
export function runLine(label: string, run: RunReport): string {
  const verdict = run.verified ? 'all counts correct' : 'COUNTED WRONG';
  const warmUp = run.warmUp ? ' (warm-up)' : '';
  const disturbed = run.rebalances === 0 ? '' : `, ${counted(run.rebalances, 'rebalance')} during the run`;
  return `${label}${warmUp}: ${whole(run.recordsPerSecond)} records/s in ${whole(run.durationMs)} ms, joined in ${whole(run.joinMs)} ms${disturbed}, ${verdict}`;
}
