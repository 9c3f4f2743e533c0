import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMockCluster, type MockCluster } from '../../../src/kafka/native/mock-cluster.ts';
import { largest } from '../../../src/statistics/extremes.ts';
import { produceRaw } from '../../support/raw-produce.ts';
import {
  encodeBatch,
  encodeOldRecord,
  encodeRecord,
  wrapRecords,
  type EncodedRecord,
} from '../../support/record-batch.ts';
import { member, mockConnection, recordsOf, type ReadRecord, type TestMember } from './test-group.ts';

/** One broker leads every partition. */
let cluster: MockCluster;
beforeAll(async () => {
  cluster = await startMockCluster(1);
});
afterAll(async () => {
  await cluster.close();
});

let topics = 0;
/** A topic with one partition that consists of these batches. */
async function topicOf(...batches: readonly Buffer[]): Promise<string> {
  const topic = `batches-${(topics += 1)}`;
  cluster.createTopic(topic, 1);
  for (const batch of batches) await produceRaw(cluster.bootstrapServers, topic, 0, batch);
  return topic;
}

function reader(topic: string, offset = 0, properties: Readonly<Record<string, string | number>> = {}): TestMember {
  const it = member({
    connection: mockConnection(cluster.bootstrapServers),
    topic,
    groupId: `group of ${topic}`,
    properties,
  });
  onTestFinished(async () => {
    await it.consumer.close(1_000);
  });
  it.consumer.connect();
  it.consumer.assign([{ partition: 0, offset }]);
  return it;
}

/** Null values, empty ones, keys and headers. */
const records: readonly EncodedRecord[] = Array.from({ length: 12 }, (_, index) => ({
  offsetDelta: index,
  timestampDelta: 10 * index,
  key: index % 3 === 0 ? Buffer.from(`key ${index}`) : null,
  value: index % 4 === 1 ? null : Buffer.from('x'.repeat(index % 4 === 2 ? 0 : 3 * index)),
  headers: index % 5 === 0 ? [['header', 'of a record']] : [],
}));
const all = records.map(({ value }, offset) => ({ partition: 0, offset, timestampMs: 5_000 + 10 * offset, value }));
const batch = encodeBatch(records, { baseTimestamp: 5_000 });

const comparable = (read: readonly ReadRecord[]): unknown[] =>
  read.map((record) => ({ ...record, value: record.value === null ? null : Buffer.from(record.value) }));

/** Reads batches until there are records, at most `recordsMax`. */
async function some(it: TestMember, recordsMax: number): Promise<ReadRecord[]> {
  for (let call = 0; call < 500; call += 1) {
    const found = recordsOf(it.consumer, it.consumer.consumeBatch(20, recordsMax));
    if (found.length > 0) return found;
    await sleep(0);
  }
  throw new Error('no record');
}

describe('a record batch that is cut', () => {
  test.each([false, true])('after any number of records loses and repeats none (compressed: %s)', async (gzip) => {
    const topic = await topicOf(encodeBatch(records, { baseTimestamp: 5_000, gzip }));
    for (let recordsMax = 1; recordsMax <= records.length; recordsMax += 1) {
      const it = reader(topic);
      const read = await it.read(({ length }) => length >= records.length, { recordsMax });
      expect(comparable(read)).toEqual(all);
    }
  });

  test('by a buffer of any size loses and repeats none', async () => {
    const topic = await topicOf(batch);
    for (let bytes = 16; bytes <= 120; bytes += 4) {
      const it = reader(topic);
      it.buffers.values = new Uint8Array(bytes);
      expect(comparable(await it.read(({ length }) => length >= records.length))).toEqual(all);
    }
  });

  test('at any record is continued there after a pause', async () => {
    const topic = await topicOf(batch);
    for (let cut = 1; cut < records.length; cut += 1) {
      const it = reader(topic);
      expect(comparable(await some(it, cut))).toEqual(all.slice(0, cut));
      it.consumer.pause([0]);
      expect(it.consumer.consumeBatch(5, 100)).toBe(0);
      it.consumer.resume([0]);
      expect(comparable(await some(it, 100))).toEqual(all.slice(cut));
    }
  });

  test('at any record is not continued after a seek or an unassignment', async () => {
    const topic = await topicOf(batch);
    const it = reader(topic);
    for (let cut = 1; cut < records.length; cut += 1) {
      expect(comparable(await some(it, cut))).toEqual(all.slice(0, cut));
      const offset = records.length - cut;
      it.consumer.seek(0, offset);
      expect(comparable(await it.read(({ length }) => length >= cut))).toEqual(all.slice(offset));
      it.consumer.seek(0, 0);
      await some(it, cut);
      it.consumer.unassign();
      expect(it.consumer.consumeBatch(5, 100)).toBe(0);
      it.consumer.assign([{ partition: 0, offset: 0 }]);
    }
  });
});

test('records below the position to which a consumer was assigned are not returned', async () => {
  const topic = await topicOf(batch);
  for (let offset = 0; offset < records.length; offset += 1) {
    const it = reader(topic, offset);
    expect(comparable(await some(it, 100))).toEqual(all.slice(offset));
  }
});

test('a batch with log append time has that timestamp for all records', async () => {
  const it = reader(
    await topicOf(encodeBatch(records, { logAppendTime: true, baseTimestamp: 1, maxTimestamp: 7_000 })),
  );
  const read = await it.read(({ length }) => length >= records.length);
  expect(new Set(read.map(({ timestampMs }) => timestampMs))).toEqual(new Set([7_000]));
});

test('gaps of a compacted batch are passed, also behind its last record', async () => {
  const kept = [0, 4, 9].map((offsetDelta) => ({ offsetDelta, value: Buffer.from(`${offsetDelta}`) }));
  // The mock broker counts records, not offsets: the next batch lies within the gap.
  const it = reader(await topicOf(encodeBatch(kept, { lastOffsetDelta: 10 }), batch));
  const read = await it.read(({ length }) => length >= 7);
  expect(read.map(({ offset }) => offset)).toEqual([0, 4, 9, 11, 12, 13, 14]);
});

test('records of message format 1 are returned among batches', async () => {
  const old = Buffer.concat(['a', 'b'].map((value) => encodeOldRecord({ timestamp: 9_000, value })));
  const it = reader(await topicOf(old, batch, old));
  const read = await it.read(({ length }) => length >= records.length + 4);
  expect(read.map(({ offset }) => offset)).toEqual(Array.from({ length: records.length + 4 }, (_, offset) => offset));
  expect(read.slice(0, 2).map(({ value, timestampMs }) => [String(Buffer.from(value ?? [])), timestampMs])).toEqual([
    ['a', 9_000],
    ['b', 9_000],
  ]);
});

describe('a malformed batch', () => {
  const good = encodeRecord({ offsetDelta: 0, value: Buffer.from('good') });
  const next = encodeRecord({ offsetDelta: 1, value: Buffer.from('next') });
  const header = { recordCount: 2, lastOffsetDelta: 1 };
  test.each([
    ['with a record that is cut off', wrapRecords(Buffer.concat([good, next.subarray(0, -2)]), header)],
    [
      'with a value longer than its record',
      wrapRecords(Buffer.concat([good, Buffer.from([12, 0, 0, 2, 1, 20, 0])]), header),
    ],
    [
      'with an offset delta of 2^32',
      wrapRecords(Buffer.concat([good, encodeRecord({ offsetDelta: 2 ** 32, value: null })]), header),
    ],
    [
      'with an offset beyond its last one',
      encodeBatch(
        [
          { offsetDelta: 0, value: null },
          { offsetDelta: 2, value: null },
        ],
        header,
      ),
    ],
    ['with fewer records than it says', wrapRecords(Buffer.concat([good]), header)],
    ['with more records than it says', wrapRecords(Buffer.concat([good, next, next]), header)],
    [
      'with more records than it says, compressed',
      wrapRecords(Buffer.concat([good, next, next]), { ...header, gzip: true }),
    ],
  ])('%s is an error, and nothing behind it is returned', async (_what, malformed) => {
    const topic = await topicOf(encodeBatch([{ offsetDelta: 0, value: Buffer.from('before') }]), malformed, batch);
    const it = reader(topic);
    const offsets: number[] = [];
    const read = async (): Promise<void> => {
      for (;;) for (const { offset } of await some(it, 1_000)) offsets.push(offset);
    };
    const error = {
      code: 'memberFailed',
      message: expect.stringContaining('the record batch with offsets 1 to 2 is malformed') as unknown,
    };
    await expect(read()).rejects.toMatchObject(error);
    await expect(read()).rejects.toMatchObject(error);
    expect(largest(offsets)).toBeLessThan(3);
    // A caller that knows what it does continues behind it.
    it.consumer.seek(0, 3);
    const behind = await some(it, 1_000);
    expect(behind[0]?.offset).toBe(3);
  });
});

test('queued.min.messages limits the records of queued batches, not the batches', async () => {
  const many = encodeBatch(Array.from({ length: 50 }, (_, offsetDelta) => ({ offsetDelta, value: Buffer.alloc(100) })));
  const topic = await topicOf(...Array.from({ length: 40 }, () => many));
  const fetch = 1;
  cluster.trackRequests();
  const it = reader(topic, 0, { 'queued.min.messages': 100, 'fetch.message.max.bytes': 1_000 });
  const fetches = (): number => cluster.requests().filter((key) => key === fetch).length;
  await expect.poll(fetches, { timeout: 60_000 }).toBeGreaterThan(0);
  await sleep(500);
  // One batch per fetch: two fill the queue.
  expect(fetches()).toBeLessThan(6);
  expect(await it.read(({ length }) => length >= 2_000)).toHaveLength(2_000);
});
