import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Connection } from '../../../src/config/connection.ts';
import type { ClusterError } from '../../../src/errors.ts';
import { Admin } from '../../../src/kafka/kafkajs/admin.ts';
import { ChangelogReader, keyedRow, keyedRowFields } from '../../../src/kafka/native/changelog-reader.ts';
import { partitionEnd } from '../../../src/kafka/native/consumer.ts';
import {
  TransactionalProducer,
  type TransactionalProducerOptions,
} from '../../../src/kafka/native/transactional-producer.ts';

/** Repeats a step until it is done. */
export async function until(
  producer: TransactionalProducer,
  step: () => boolean,
  { timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {},
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    if (step()) return;
    if (performance.now() > endMs) throw new Error(`not done after ${timeoutMs} ms`);
    await sleep(1);
    producer.poll();
  }
}

/** A topic with two partitions. */
export async function createTopic(
  connection: Connection,
  topic: string,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  await admin.createTopic({ topic, partitions: 2, replicationFactor: 2, config });
  await admin.close();
}

/** A compacted topic with two partitions. */
export async function createChangelog(connection: Connection): Promise<string> {
  const topic = `transactions-changelog-${randomUUID()}`;
  await createTopic(connection, topic, { 'cleanup.policy': 'compact' });
  return topic;
}

/** A producer that has been initialised, destroyed at the end of the test. */
export async function producer(
  options: Pick<TransactionalProducerOptions, 'connection' | 'topic' | 'transactionalId'> &
    Partial<TransactionalProducerOptions>,
): Promise<TransactionalProducer> {
  const it = new TransactionalProducer({
    clientId: options.transactionalId,
    transactionTimeoutMs: 60_000,
    onError: () => undefined,
    ...options,
  });
  onTestFinished(() => {
    it.destroy();
  });
  it.connect();
  await until(it, () => it.initialise());
  return it;
}

/** Rows for `TransactionalProducer.produce`: partition, key and the value, a long. */
export function keyedRows(records: readonly (readonly [number, string, number])[]): {
  readonly bytes: Uint8Array;
  readonly rows: Float64Array;
} {
  const parts: Buffer[] = [];
  const rows: number[] = [];
  let start = 0;
  for (const [partition, key, count] of records) {
    const keyBytes = Buffer.from(key);
    const value = Buffer.alloc(8);
    value.writeBigInt64BE(BigInt(count));
    rows.push(partition, start, keyBytes.length, start + keyBytes.length, value.length);
    parts.push(keyBytes, value);
    start += keyBytes.length + value.length;
  }
  return { bytes: Buffer.concat(parts), rows: Float64Array.from(rows) };
}

export interface ChangelogContents {
  /** `partition offset key=count`, in the order of partitions and offsets. */
  readonly records: readonly string[];
  /** Of each partition, where it ended. */
  readonly ends: readonly number[];
}

/**
 * Reads all partitions from their beginning to their end, after the transactions that have come that
 * far: a marker may arrive after its commit was answered.
 * @param options.whileOpen - reads up to the first record of an open transaction instead
 */
export async function changelogContents(
  connection: Connection,
  topic: string,
  partitions: number,
  { whileOpen = false }: { readonly whileOpen?: boolean } = {},
): Promise<ChangelogContents> {
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  const offsets = await admin.offsets(topic);
  await admin.close();
  const least = offsets.map(({ highWatermark }) => (whileOpen ? 0 : highWatermark));
  const errors: ClusterError[] = [];
  const reader = new ChangelogReader({
    connection,
    clientId: randomUUID(),
    groupId: 'unused',
    topic,
    onError: (error) => errors.push(error),
  });
  reader.assign(Array.from({ length: partitions }, (_, partition) => ({ partition, offset: 0 })));
  const records: string[] = [];
  const ends: number[] = [];
  const endMs = performance.now() + 30_000;
  while (!least.every((offset, partition) => (ends[partition] ?? -1) >= offset)) {
    if (performance.now() > endMs) throw new Error(`no end of ${topic}: ${errors.map(String).join()}`);
    const count = reader.read(50, 1_000);
    for (let index = 0; index < count; index += 1) {
      const { partition, offset, text } = recordAt(reader, index);
      if (text === undefined) ends[partition] = offset;
      else records.push(text);
    }
    await sleep(0);
  }
  reader.destroy();
  return { records: records.sort(), ends };
}

function recordAt(
  { rows, values }: ChangelogReader,
  index: number,
): { readonly partition: number; readonly offset: number; readonly text: string | undefined } {
  const at = (field: number): number => rows[index * keyedRowFields + field] ?? NaN;
  const [partition, offset] = [at(keyedRow.partition), at(keyedRow.offset)];
  if (at(keyedRow.valueLength) === partitionEnd) return { partition, offset, text: undefined };
  const slice = (start: number, length: number): Buffer | null =>
    length === -1 ? null : Buffer.from(values.subarray(start, start + length));
  const key = slice(at(keyedRow.keyStart), at(keyedRow.keyLength));
  const value = slice(at(keyedRow.valueStart), at(keyedRow.valueLength));
  return { partition, offset, text: changelogText(partition, offset, key, value) };
}

/** A record as the tests compare it. */
export function changelogText(partition: number, offset: number, key: Buffer | null, value: Buffer | null): string {
  const count = value === null ? 'null' : value.readBigInt64BE().toString();
  return `${partition} ${offset} ${key === null ? 'null' : key.toString()}=${count}`;
}
