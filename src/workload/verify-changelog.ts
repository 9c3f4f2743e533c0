import type { Connection } from '../config/connection.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import { ClusterError } from '../errors.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { readChangelog, type ChangelogPartition } from '../kafka/kafkajs/changelog-reader.ts';
import { WordMap } from '../kafka/kafkajs/word-map.ts';
import { readTopicRange, type TopicRange } from '../kafka/kafkajs/topic-range.ts';
import type { ChangelogDifference } from '../verify/changelog-difference.ts';
import { changelogDifferences, type RecountedLog } from './changelog-differences.ts';
import { committedDifferences, readCommittedOffsets } from './committed-differences.ts';
import { requireEnd, requireRecords, requireSameTopic } from './counted-log-kept.ts';
import { mergeBlock } from './naive-count.ts';
import { reread } from './reread.ts';

export interface VerifyChangelogOptions {
  readonly connection: Connection;
  readonly groupId: string;
  readonly topic: string;
  readonly changelogTopic: string;
  readonly tokenizer: Tokenizer;
  /** Longest time without a further record. */
  readonly timeoutMs: number;
  /** Differing words to list. */
  readonly listMax: number;
  readonly signal?: AbortSignal;
  /** Called after each partition. */
  readonly onProgress?: (partitions: number, records: number) => void;
}

export interface ChangelogVerified {
  readonly equal: boolean;
  /** Partitions with commits. */
  readonly partitions: number;
  readonly records: number;
  readonly words: number;
  /** False when the group has no committed offsets, which expire when it has no members. */
  readonly hasCommitted: boolean;
  readonly differences: readonly ChangelogDifference[];
  /** Number of words that differ, including those that are not listed. */
  readonly differingWords: number;
}

/**
 * Compares the changelog of a group with its committed offsets, and with a recount of the topic up to
 * the offset of each partition. Members may count and commit meanwhile.
 * @throws ClusterError input when records that were counted have been deleted or compacted;
 * topicUnavailable when the topic was recreated; as readChangelog and reread do
 */
export async function verifyChangelog(options: VerifyChangelogOptions): Promise<ChangelogVerified> {
  const { connection, topic, groupId, changelogTopic, timeoutMs, signal } = options;
  let present = await readTopicRange(connection, topic, timeoutMs, signal);
  const admin = await Admin.connect(connection, { timeoutMs });
  const readCommitted = () => readCommittedOffsets(admin, groupId, topic);
  try {
    const before = await readCommitted();
    let differences: readonly ChangelogDifference[] = [];
    const nextOffsets = new Map<number, number>();
    const totals = { records: 0, words: 0, differingWords: 0, listed: 0 };
    await readChangelog(connection, {
      ...{ topic: changelogTopic, timeoutMs, ...(signal === undefined ? {} : { signal }) },
      newCounts: () => new WordMap(),
      onPartition: async (found) => {
        // A group that counts may have reached records that came after the last look at the topic.
        const { partition, progress } = found;
        const isBeyond = progress !== undefined && progress.nextOffset > (present.endOffsets[partition] ?? 0);
        if (isBeyond) present = await readTopicRange(connection, topic, timeoutMs);
        const log = await recounted(found, present, options);
        const compared = changelogDifferences(
          { ...found, counts: found.counts.counts },
          log,
          options.listMax - totals.listed,
        );
        differences = differences.concat(compared.differences);
        if (found.progress !== undefined) nextOffsets.set(found.partition, found.progress.nextOffset);
        totals.records += log?.records ?? 0;
        totals.words += log?.words ?? 0;
        totals.differingWords += compared.differingWords;
        totals.listed += compared.differences.filter(({ type }) => type === 'word').length;
        options.onProgress?.(found.partition + 1, totals.records);
      },
    });
    const hasCommitted = [...before.values()].some((offset) => offset !== undefined);
    if (hasCommitted) differences = differences.concat(await committedDifferences(before, nextOffsets, readCommitted));
    const { records, words, differingWords } = totals;
    const partitions = nextOffsets.size;
    return {
      ...{ equal: differences.length === 0, partitions, records, words },
      hasCommitted,
      differences,
      differingWords,
    };
  } finally {
    await admin.close();
  }
}

/** @returns undefined for a partition without a commit */
async function recounted(
  { partition, progress }: Pick<ChangelogPartition, 'partition' | 'progress'>,
  present: TopicRange,
  { connection, topic, tokenizer, timeoutMs, signal }: VerifyChangelogOptions,
): Promise<RecountedLog | undefined> {
  if (progress === undefined) return undefined;
  requireSameTopic(progress, present);
  const begin = present.beginOffsets[partition] ?? 0;
  const ranges = [{ partition, begin, end: Math.max(begin, progress.nextOffset) }];
  const counted = { topic, partition, progress, present };
  requireEnd(counted);
  const { partitions, blocks } = await reread({ connection, topic, ranges, tokenizer, timeoutMs }, signal);
  const [read] = partitions;
  if (read === undefined) throw new ClusterError('internal', `partition ${partition} was not read`);
  requireRecords(counted, read);
  const counts = new Map<string, number>();
  for (const block of blocks) mergeBlock(counts, block);
  return { ...read, counts };
}
