import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { changelogContents, createChangelog, keyedRows, producer, until } from '../kafka/native/test-transactions.ts';
import { sharedBrokers } from '../support/brokers.ts';

let connection: Connection;

beforeAll(async () => {
  connection = await sharedBrokers();
});

test('records that cannot be delivered abort the transaction', async () => {
  const topic = await createChangelog(connection);
  const it = await producer({ connection, topic, transactionalId: `transactions-${randomUUID()}` });
  const rows = keyedRows([
    [0, 'word', 1],
    [7, 'no such partition', 1],
  ]);
  it.begin();
  const produced = (): void => {
    it.produce(rows.bytes, rows.rows, 0, 2);
  };
  await expect(
    until(it, () => {
      produced();
      return false;
    }),
  ).rejects.toMatchObject({ outcome: 'abort' });
  await until(it, () => it.abort());
  it.begin();
  expect(it.produce(rows.bytes, rows.rows, 0, 1)).toBe(1);
  await until(it, () => it.commit());
  const { records } = await changelogContents(connection, topic, 2);
  expect(records.map((record) => record.split(' ')[2])).toEqual(['word=1']);
});

test('a queue that is full takes part of the rows, and the rest later', async () => {
  const topic = await createChangelog(connection);
  const properties = { 'queue.buffering.max.messages': 100 };
  const it = await producer({ connection, topic, transactionalId: `transactions-${randomUUID()}`, properties });
  const count = 1_000;
  const rows = keyedRows(Array.from({ length: count }, (_, index) => [index % 2, `key-${index}`, index]));
  it.begin();
  let taken = it.produce(rows.bytes, rows.rows, 0, count);
  expect(taken).toBe(100);
  await until(it, () => (taken += it.produce(rows.bytes, rows.rows, taken, count)) === count);
  await until(it, () => it.commit());
  const { records } = await changelogContents(connection, topic, 2);
  const expected = Array.from({ length: count }, (_, index) => `${index % 2} ${index >> 1} key-${index}=${index}`);
  expect(records).toEqual(expected.sort());
});

test('rows outside of the bytes are refused', async () => {
  const topic = await createChangelog(connection);
  const it = await producer({ connection, topic, transactionalId: `transactions-${randomUUID()}` });
  it.begin();
  const bytes = new Uint8Array(16);
  for (const row of [
    [0, 9, 8, 0, 8],
    [0, 0, 8, -1, 8],
    [0, 0, 8, 8, NaN],
    [NaN, 0, 8, 8, 8],
  ]) {
    expect(() => it.produce(bytes, Float64Array.from(row), 0, 1)).toThrow(/row/);
  }
  expect(() => it.produce(bytes, new Float64Array(5), 0, 2)).toThrow(/rows/);
  await until(it, () => it.commit());
  expect((await changelogContents(connection, topic, 2)).records).toEqual([]);
});
