import type { Connection } from '../config/connection.ts';
import { ClusterError } from '../errors.ts';
import {
  readChangelog,
  type ReadChangelogOptions,
  type ChangelogPartition,
} from '../kafka/kafkajs/changelog-reader.ts';
import { WordMap } from '../kafka/kafkajs/word-map.ts';

/** The counts of a group, each partition as of its last commit. */
export interface ChangelogCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly partitions: readonly Omit<ChangelogPartition, 'counts'>[];
}

/**
 * Sums the counts of all partitions of a changelog.
 * @throws ClusterError input when the counts of a partition do not add up to its progress; limit for
 * more than 2^24 distinct words; as readChangelog does
 */
export async function changelogCounts(
  connection: Connection,
  options: Omit<ReadChangelogOptions<WordMap>, 'onPartition' | 'newCounts'>,
): Promise<ChangelogCounts> {
  let merged = new Map<string, number>();
  const partitions: Omit<ChangelogPartition, 'counts'>[] = [];
  await readChangelog(connection, {
    ...options,
    newCounts: () => new WordMap(),
    onPartition: ({ counts: { counts }, ...partition }) => {
      requireComplete(options.topic, partition);
      partitions.push(partition);
      merged = merged.size === 0 ? counts : withCounts(merged, counts);
    },
  });
  return { counts: merged, partitions };
}

function withCounts(merged: Map<string, number>, counts: ReadonlyMap<string, number>): Map<string, number> {
  try {
    for (const [word, count] of counts) merged.set(word, (merged.get(word) ?? 0) + count);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ClusterError('limit', `more than ${merged.size} distinct words in the changelog`);
  }
  return merged;
}

/** @throws ClusterError input */
export function requireComplete(
  topic: string,
  { partition, words, progress }: Omit<ChangelogPartition, 'counts'>,
): void {
  const expected = progress?.words ?? 0;
  if (words === expected) return;
  const message = `topic '${topic}' partition ${partition}: the counts add up to ${words}, but the word total in its progress is ${expected}`;
  throw new ClusterError('input', message, { hint: 'check the changelog with `consumer-cluster verify --changelog`' });
}
