import { expect, test } from 'vitest';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
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
}, 120_000);
