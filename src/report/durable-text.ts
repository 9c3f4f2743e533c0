import { formatNumbers } from '../config/number-ranges.ts';
import { renderBar } from '../results/bar.ts';
import { counted, nounFor, whole } from '../numbers.ts';
import { largest } from '../statistics/extremes.ts';

/** @param partitions - those of this process, in any order */
export function renderOwned(partitions: readonly number[], total: number): string {
  if (partitions.length === 0) return `standby: this process owns none of ${counted(total, 'partition')}`;
  const list = [...partitions].sort((left, right) => left - right).join(', ');
  return `this process owns ${partitions.length} of ${counted(total, 'partition')}: ${list}`;
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
  const read = words === 0 ? 'up to date' : `restored ${counted(words, 'count')} in ${seconds.toFixed(2)} s${rate}`;
  return `partition ${partition}: ${read}, continues at offset ${whole(nextOffset)}`;
}

/** A restore that has not reached its end; offsets are of the changelog partition. */
interface RestoreView {
  readonly partition: number;
  readonly words: number;
  readonly elapsedMs: number;
  readonly fromOffset: number;
  readonly offset: number;
  readonly endOffset: number;
}

const barWidth = 20;

/**
 * Pure: one line about restores that run at the same time.
 * @param restores - at least one
 * @param withBar - for a terminal
 */
export function renderRestoring(restores: readonly RestoreView[], withBar: boolean): string {
  const sum = (value: (restore: RestoreView) => number): number =>
    restores.reduce((total, restore) => total + value(restore), 0);
  const total = sum(({ fromOffset, endOffset }) => endOffset - fromOffset);
  const done = sum(({ fromOffset, offset }) => offset - fromOffset);
  const words = sum((restore) => restore.words);
  // They run side by side in one thread.
  const seconds = largest(restores.map(({ elapsedMs }) => elapsedMs)) / 1_000;
  const partitions = restores.map(({ partition }) => partition).sort((left, right) => left - right);
  const name = `${nounFor(partitions.length, 'partition')} ${formatNumbers(partitions)}`;
  const bar = withBar ? `${renderBar({ value: done, ideal: total, full: Math.max(1, total), width: barWidth })} ` : '';
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  const rate = seconds > 0 ? `, ${whole(words / seconds)} words/s` : '';
  return `restoring ${name}: ${bar}${percent} % of the changelog, ${counted(words, 'count')}${rate}`;
}
