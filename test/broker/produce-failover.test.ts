import { expect, test } from 'vitest';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { readIndependently } from '../../src/kafka/kafkajs/independent-reader.ts';
import { bookLines } from '../../src/workload/book.ts';
import { compareCounts } from '../../src/workload/compare-counts.ts';
import { produceToTopic } from '../../src/workload/produce-to-topic.ts';
import { recount } from '../../src/workload/recount.ts';
import { referenceCounts } from '../../src/workload/reference-counts.ts';
import { withBrokers } from '../support/brokers.ts';
import { eventually } from '../support/eventually.ts';
import { withAdmin } from '../workload/read-back.ts';

const timeoutMs = 30_000;
const workload = { type: 'book' } as const;
const records = 60_000;

test('a broker that is killed during produce and recount loses no record and repeats none', async () => {
  await withBrokers(async (brokers) => {
    const { connection } = brokers;
    const topic = 'failover';
    await createTopic({ connection, topic, partitions: 4, replicationFactor: 2, timeoutMs });
    const [first, second] = brokers.nodes.filter(({ role }) => role === 'broker').map(({ nodeId }) => nodeId);
    if (first === undefined || second === undefined) throw new Error('two brokers are needed');
    let killed: Promise<void> | undefined;
    const result = await produceToTopic({
      connection,
      topic,
      partitions: 4,
      workload,
      records,
      rate: 20_000,
      timeoutMs,
      onProgress: ({ delivered }) => {
        if (delivered > 10_000) killed ??= brokers.kill(first);
      },
    });
    expect(killed).toBeDefined();
    await killed;
    expect(result.perPartition).toEqual([15_000, 15_000, 15_000, 15_000]);

    await brokers.restart(first);
    const range = await withAdmin(connection, (admin) => admin.offsets(topic));
    expect(range.map(({ endOffset }) => endOffset)).toEqual(result.perPartition);
    // Both replicas of each partition must be in step before the other broker dies.
    await withAdmin(connection, (admin) =>
      eventually(
        'replicas in step',
        async () => {
          const description = await admin.topic(topic);
          return description?.partitions.every(({ inSync }) => inSync.length === 2) === true;
        },
        timeoutMs,
      ),
    );
    const recounting = recount(
      connection,
      { topic, beginOffsets: [0, 0, 0, 0], endOffsets: result.perPartition ?? [] },
      { tokenizer: 'unicode', timeoutMs },
    );
    const [recounted] = await Promise.all([recounting, brokers.kill(second)]);
    const reference = await referenceCounts(workload, { records, tokenizer: 'unicode' });
    expect(recounted.records).toBe(records);
    expect(compareCounts(recounted.counts, reference.counts).differing).toBe(0);
  });
});

/**
 * Without a rate, records are sent in whole batches. The reader checks their CRCs, and that offsets
 * have no gaps.
 */
test('a broker that is killed and restarted at full speed loses no record and repeats or reorders none', async () => {
  await withBrokers(async (brokers) => {
    const { connection } = brokers;
    const topic = 'full-speed';
    const total = 2_000_000;
    await createTopic({ connection, topic, partitions: 4, replicationFactor: 2, timeoutMs });
    const broker = brokers.nodes.find(({ role }) => role === 'broker')?.nodeId ?? NaN;
    let restarted: Promise<void> | undefined;
    const result = await produceToTopic({
      connection,
      topic,
      partitions: 4,
      workload,
      records: total,
      timeoutMs,
      onProgress: ({ delivered }) => {
        if (delivered > 100_000) restarted ??= brokers.kill(broker).then(() => brokers.restart(broker));
      },
    });
    expect(restarted).toBeDefined();
    await restarted;
    expect(result.perPartition).toEqual([500_000, 500_000, 500_000, 500_000]);

    const { bytes, ends } = bookLines();
    const wrong: string[] = [];
    const next = [0, 0, 0, 0];
    await readIndependently(connection, {
      topic,
      ranges: next.map((begin, partition) => ({ partition, begin, end: total / 4 })),
      timeoutMs,
      onRecord: (partition, offset, value) => {
        const line = (offset * 4 + partition) % ends.length;
        const expected = bytes.subarray(line === 0 ? 0 : ends[line - 1], ends[line]);
        const isNext = offset === next[partition];
        next[partition] = offset + 1;
        if (!isNext || value === null || Buffer.compare(value, expected) !== 0) wrong.push(`${partition}:${offset}`);
      },
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(next).toEqual(result.perPartition);
    const range = await withAdmin(connection, (admin) => admin.offsets(topic));
    expect(range.map(({ endOffset }) => endOffset)).toEqual(result.perPartition);
  });
});
