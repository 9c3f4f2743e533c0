import type { BatchSums } from '../../src/count/batch-sums.ts';
import { nextSum, sum } from '../../src/count/batch-sums.ts';

/** The sums as a Map. */
export function sumsWords(sums: BatchSums): Map<string, number> {
  const { arena, arenaEnd } = sums;
  const bytes = Buffer.from(arena.buffer, arena.byteOffset);
  const counts = new Map<string, number>();
  for (let at = 0; at < arenaEnd; at = nextSum(arena, at)) {
    const start = (at + sum.key + 1) * 4;
    counts.set(bytes.toString('utf8', start, start + (arena[at + sum.key] ?? 0)), arena[at + sum.count] ?? 0);
  }
  return counts;
}
