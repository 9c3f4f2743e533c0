import { setImmediate as turn } from 'node:timers/promises';
import type { Connection } from '../../../src/config/connection.ts';
import type { ClusterError } from '../../../src/errors.ts';
import {
  BatchConsumer,
  row,
  rowFields,
  type CommitResult,
  type RebalanceEvent,
} from '../../../src/kafka/native/consumer.ts';
import { OwnBuffers } from '../../../src/kafka/native/consumer-options.ts';
import { BatchProducer } from '../../../src/kafka/native/producer.ts';
import { slicesOf } from '../../../src/kafka/native/slices.ts';

export const mockConnection = (bootstrapServers: string): Connection => ({
  bootstrapServers,
  source: 'mock',
  properties: {},
});

/** A value as the tests send it; null is Kafka's null. */
export type Value = Uint8Array | null;

/** Fills a topic, a list of values a partition, and waits until the brokers have them. */
export async function fillTopic(
  connection: Connection,
  topic: string,
  partitions: readonly (readonly Value[])[],
  properties: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  const producer = new BatchProducer({
    connection,
    clientId: 'filler',
    properties: { 'linger.ms': 1, ...properties },
  });
  await producer.connect(60_000);
  for (const [partition, values] of partitions.entries()) {
    await producer.produce({ topic, partition, count: values.length, values: slicesOf(values) });
  }
  await producer.flush(60_000);
  producer.close();
}

export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly value: Value;
}

/** The rows of the consumer's last batch, copied. */
export function recordsOf(consumer: BatchConsumer, count: number): ReadRecord[] {
  const { rows, values } = consumer;
  return Array.from({ length: count }, (_, index) => {
    const at = (field: number): number => rows[index * rowFields + field] ?? NaN;
    const start = at(row.start);
    const length = at(row.length);
    return {
      partition: at(row.partition),
      offset: at(row.offset),
      timestampMs: at(row.timestampMs),
      value: length === -1 ? null : values.slice(start, start + length),
    };
  });
}

export interface TestMember {
  readonly consumer: BatchConsumer;
  readonly buffers: OwnBuffers;
  readonly events: RebalanceEvent[];
  readonly errors: ClusterError[];
  readonly commits: CommitResult[];
  /**
   * Reads with a turn of the event loop after each batch, until `enough` returns true. Fails after
   * `timeoutMs`.
   */
  read(
    enough: (records: readonly ReadRecord[]) => boolean,
    options?: { readonly recordsMax?: number; readonly timeoutMs?: number },
  ): Promise<ReadRecord[]>;
}

const classicProperties = { 'session.timeout.ms': 6_000, 'heartbeat.interval.ms': 200 };

/** A consumer that answers every rebalance at once by default. */
export function member(options: {
  readonly connection: Connection;
  readonly topic: string;
  readonly groupId: string;
  /** A random one by default. */
  readonly clientId?: string;
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  readonly onRebalance?: (event: RebalanceEvent, consumer: BatchConsumer) => void;
}): TestMember {
  const events: RebalanceEvent[] = [];
  const errors: ClusterError[] = [];
  const commits: CommitResult[] = [];
  const answer = options.onRebalance ?? answerRebalance;
  const buffers = new OwnBuffers();
  const consumer = new BatchConsumer({
    buffers,
    connection: options.connection,
    groupId: options.groupId,
    clientId: options.clientId ?? `test-${Math.random().toString(36).slice(2)}`,
    topic: options.topic,
    properties: {
      'auto.offset.reset': 'earliest',
      'enable.auto.commit': false,
      // Under the other protocol these are the broker's.
      ...(options.properties?.['group.protocol'] === 'consumer' ? {} : classicProperties),
      'fetch.queue.backoff.ms': 2,
      'reconnect.backoff.max.ms': 200,
      ...options.properties,
    },
    onRebalance: (event) => {
      events.push(event);
      answer(event, consumer);
    },
    onError: (error) => errors.push(error),
    onCommit: (result) => commits.push(result),
  });
  return {
    consumer,
    buffers,
    events,
    errors,
    commits,
    read: async (enough, { recordsMax = 1_000, timeoutMs = 20_000 } = {}) => {
      const endMs = performance.now() + timeoutMs;
      const records: ReadRecord[] = [];
      while (!enough(records)) {
        if (performance.now() > endMs) throw new Error(`not enough after ${timeoutMs} ms: ${records.length} records`);
        for (const record of recordsOf(consumer, consumer.consumeBatch(20, recordsMax))) records.push(record);
        await turn();
      }
      return records;
    },
  };
}

export function answerRebalance(event: RebalanceEvent, consumer: BatchConsumer): void {
  const cooperative = consumer.rebalanceProtocol() === 'COOPERATIVE';
  // -1001: from the committed offset.
  const positions = event.partitions.map((partition) => ({ partition, offset: -1_001 }));
  if (event.type === 'assign') {
    if (cooperative) consumer.incrementalAssign(positions);
    else consumer.assign(positions);
  } else if (cooperative) consumer.incrementalUnassign(event.partitions);
  else consumer.unassign();
}
