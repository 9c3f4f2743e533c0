import { whole } from '../results/numbers.ts';

/** @param partitions - those of this process, in any order */
export function renderOwned(partitions: readonly number[], total: number): string {
  if (partitions.length === 0) return `standby: this process owns none of ${total} partitions`;
  const list = [...partitions].sort((left, right) => left - right).join(', ');
  return `this process owns ${partitions.length} of ${total} partitions: ${list}`;
}

/** @param restored - what was read from the changelog until the table was up to date */
export function renderRestored(restored: {
  readonly partition: number;
  readonly words: number;
  readonly elapsedMs: number;
  readonly nextOffset: number;
}): string {
  const { partition, words, elapsedMs, nextOffset } = restored;
  const seconds = elapsedMs / 1_000;
  const rate = words > 0 && seconds > 0 ? ` (${whole(words / seconds)} words/s)` : '';
  const read = words === 0 ? 'up to date' : `restored ${whole(words)} counts in ${seconds.toFixed(2)} s${rate}`;
  return `partition ${partition}: ${read}, continues at offset ${whole(nextOffset)}`;
}
