import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTopic, dropTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { produceToTopic } from '../../src/workload/produce-to-topic.ts';
import { sharedBrokers } from '../support/brokers.ts';

const fixture = new URL('../fixtures/kafka/fetched-memory.js', import.meta.url).pathname;
const partitions = 4;
const recordBytes = 16_384;
const topicMib = 256;
const timeoutMs = 20_000;

/**
 * Beside the budget: an answer of each of two brokers in the making for each member, and what the
 * allocator keeps.
 */
const besideMib = 2 * 4 * partitions + 24;

test('fetched records that members have not read stay within --memory-mib', async () => {
  const connection = await sharedBrokers();
  const topic = `budget-${randomUUID().slice(0, 8)}`;
  await createTopic({ connection, topic, partitions, replicationFactor: 1, timeoutMs });
  try {
    const workload = { type: 'zipf', vocabulary: 1_000, recordBytes, nonAsciiShare: 0, seed: 1 } as const;
    const records = (topicMib * 2 ** 20) / recordBytes;
    await produceToTopic({ connection, topic, partitions, workload, records, timeoutMs });
    const addedMib = async (memoryMib: number, leastMib: number): Promise<number> => {
      const { bootstrapServers } = connection;
      const task = JSON.stringify({ bootstrapServers, topic, partitions, memoryMib, leastMib });
      const { stdout } = await promisify(execFile)(process.execPath, [fixture, task], { timeout: 200_000 });
      return (JSON.parse(stdout) as { readonly addedMib: number }).addedMib;
    };
    const small = await addedMib(16, 1);
    const large = await addedMib(160, 100);
    expect(small).toBeLessThan(16 + besideMib);
    // The bound is the budget's and not the topic's: with ten times the budget, ten times as much
    // is fetched.
    expect(large).toBeGreaterThan(100);
    expect(large).toBeLessThan(160 + besideMib);
  } finally {
    await dropTopic({ connection, topic, timeoutMs });
  }
});
