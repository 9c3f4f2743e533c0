import type { ChangelogPartition } from '../kafka/kafkajs/changelog-reader.ts';
import type { ChangelogDifference } from '../verify/changelog-difference.ts';
import { compareCounts } from './compare-counts.ts';
import type { ReadPartition } from './reread-process.ts';

/** A partition of the topic as another client has read and counted it. */
export interface RecountedLog extends ReadPartition {
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Compares a partition of the changelog with a recount of the topic. Pure.
 * @param log - undefined for a partition without a commit
 * @param listMax - words to list
 */
export function changelogDifferences(
  { partition, counts, words, progress }: ChangelogPartition,
  log: RecountedLog | undefined,
  listMax: number,
): { readonly differences: ChangelogDifference[]; readonly differingWords: number } {
  const differences: ChangelogDifference[] = [];
  const expected = progress?.words ?? 0;
  if (words !== expected) differences.push({ type: 'sum', partition, counts: words, progress: expected });
  if (progress === undefined || log === undefined) return { differences, differingWords: 0 };
  const totals: readonly (readonly [name: string, changelog: number | bigint, topic: number | bigint])[] = [
    ['records', progress.records, log.records],
    ['null records', progress.nullRecords, log.nullRecords],
    ['bytes', progress.bytes, log.bytes],
    ['words', progress.words, log.words],
    ['digest', (BigInt(progress.digestHigh) << 32n) | BigInt(progress.digestLow), log.digest],
  ];
  for (const [name, changelog, topic] of totals) {
    if (changelog !== topic) differences.push({ type: 'total', partition, name, changelog, topic });
  }
  const { differing, ...lists } = compareCounts(counts, log.counts, listMax);
  const listed = [...lists.missing, ...lists.extra, ...lists.different].slice(0, Math.max(0, listMax));
  for (const { word, count, reference } of listed) {
    differences.push({ type: 'word', partition, word, changelog: count, topic: reference });
  }
  return { differences, differingWords: differing };
}
