import { smallest } from '../statistics/extremes.ts';
import { warmUpLength } from '../statistics/warm-up.ts';
import type { RunReport } from './report-parts.ts';

/**
 * Pure: the part of a run between its warm-up and its tail. The tail starts when the first member
 * finishes, because the group is not fully busy from then on.
 * @returns undefined for a run of fewer than 8 samples before the tail
 */
export function steadyOf({ atMs, recordsPerMember }: RunReport['samples']): RunReport['steady'] {
  const busy = recordsPerMember.filter((counts) => (counts.at(-1) ?? 0) > 0);
  const tail = smallest(busy.map((counts) => counts.indexOf(counts.at(-1) ?? 0)));
  if (!Number.isFinite(tail)) return undefined;
  const totals = atMs.map((_, sample) => recordsPerMember.reduce((sum, counts) => sum + (counts[sample] ?? 0), 0));
  const rate = (from: number, to: number): number => {
    const spanMs = (atMs[to] ?? 0) - (from < 0 ? 0 : (atMs[from] ?? 0));
    return (1_000 * ((totals[to] ?? 0) - (from < 0 ? 0 : (totals[from] ?? 0)))) / spanMs;
  };
  // rates[i] is the rate from sample i - 1 to sample i; the first starts when the gate opened.
  const rates = Array.from({ length: tail }, (_, sample) => rate(sample - 1, sample));
  const cut = warmUpLength(rates);
  if (cut === undefined) return undefined;
  const recordsPerSecond = rate(cut - 1, tail - 1);
  // Not finite when the two samples have the same time.
  if (!Number.isFinite(recordsPerSecond)) return undefined;
  return { fromMs: cut === 0 ? 0 : (atMs[cut - 1] ?? 0), toMs: atMs[tail - 1] ?? 0, recordsPerSecond };
}
