import { randomUUID } from 'node:crypto';
import type { Connection } from '../../src/config/connection.ts';
import { ensureChangelogTopic } from '../../src/kafka/kafkajs/changelog-topic.ts';
import { readTopicRange } from '../../src/kafka/kafkajs/topic-range.ts';
import { changelogTopicOf } from '../../src/protocol/changelog-format.ts';
import { mergeBlock } from '../../src/workload/naive-count.ts';
import { reread } from '../../src/workload/reread.ts';
import { commitChangelog, type CommittedPart } from './changelog.ts';
import { fillTopic, type FilledTopic } from './filled-topic.ts';

const timeoutMs = 20_000;

interface CountedGroup {
  readonly filled: FilledTopic;
  readonly group: string;
  readonly ids: { readonly group: string; readonly source: string; readonly topic: string };
  readonly parts: readonly CommittedPart[];
}

/** A group whose counts of a topic are complete and right. */
export async function countedGroup(connection: Connection): Promise<CountedGroup> {
  const filled = await fillTopic(connection, { records: 400, partitions: 2 });
  const { topic: source } = filled;
  const group = `changelog-${randomUUID().slice(0, 8)}`;
  const ids = { group, source, topic: changelogTopicOf(group) };
  await ensureChangelogTopic(connection, { topic: ids.topic, source, partitions: 2, timeoutMs });
  const { topicId } = await readTopicRange(connection, source, timeoutMs);
  const ranges = filled.endOffsets.map((end, partition) => ({ partition, begin: 0, end }));
  const read = await reread({ connection, topic: source, ranges, tokenizer: 'unicode', timeoutMs });
  const parts = read.partitions.map(({ partition, records, nullRecords, bytes, words, digest }) => {
    const counts = new Map<string, number>();
    for (const block of read.blocks) if (block.partition === partition) mergeBlock(counts, block);
    const halves = { digestLow: Number(digest & 0xffffffffn), digestHigh: Number(digest >> 32n) };
    const nextOffset = filled.endOffsets[partition] ?? 0;
    const progress = { nextOffset, records, nullRecords, bytes, words, ...halves, writer: 7, commit: 1, topicId };
    return { partition, words: counts, progress };
  });
  await commitChangelog(connection, ids, parts);
  return { filled, group, ids, parts };
}
