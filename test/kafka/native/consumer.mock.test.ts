import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMockCluster, type MockCluster } from '../../../src/kafka/native/mock-cluster.ts';
import { fillTopic, member, mockConnection, type ReadRecord, type TestMember, type Value } from './test-group.ts';

let cluster: MockCluster;
beforeAll(async () => {
  cluster = await startMockCluster(2);
});
afterAll(async () => {
  await cluster.close();
});

let topics = 0;
async function filledTopic(partitions: readonly (readonly Value[])[]): Promise<string> {
  const topic = `topic-${(topics += 1)}`;
  cluster.createTopic(topic, partitions.length);
  await fillTopic(mockConnection(cluster.bootstrapServers), topic, partitions);
  return topic;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const numbered = (partition: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => text(`record ${index} of partition ${partition}`));

/** Not in a group: the assignment is the test's own. */
function reader(topic: string, partitions: readonly number[], offset = 0): TestMember {
  const it = member({ connection: mockConnection(cluster.bootstrapServers), topic, groupId: `group of ${topic}` });
  it.consumer.connect();
  it.consumer.assign(partitions.map((partition) => ({ partition, offset })));
  return it;
}

function byPartition(records: readonly ReadRecord[], partitions: number): ReadRecord[][] {
  return Array.from({ length: partitions }, (_, partition) =>
    records.filter((record) => record.partition === partition),
  );
}

/**
 * A buffer that holds a few records only, so that others are read from the client and wait for the
 * next call.
 */
function withSmallBuffer(it: TestMember): TestMember {
  it.buffers.values = new Uint8Array(64);
  return it;
}

describe('a batch', () => {
  test('has every record once, in the order of its partition, and distinguishes null from empty values', async () => {
    const startMs = Date.now();
    const values: Value[][] = [
      [text('a'), null, new Uint8Array(0), text('ü')],
      [null, null],
      [],
      [new Uint8Array([0, 255, 128])],
    ];
    const topic = await filledTopic(values);
    const it = reader(topic, [0, 1, 2, 3]);
    const records = await it.read(({ length }) => length >= 7);
    await it.consumer.close(1_000);
    expect(byPartition(records, 4).map((part) => part.map(({ value }) => value))).toEqual(values);
    for (const part of byPartition(records, 4)) {
      expect(part.map(({ offset }) => offset)).toEqual(part.map((_, index) => index));
    }
    for (const { timestampMs } of records) {
      expect(timestampMs).toBeGreaterThanOrEqual(startMs);
      expect(timestampMs).toBeLessThanOrEqual(Date.now());
    }
  });

  test('loses and repeats nothing for any sizes of records, buffer and batch', async () => {
    const sizes = fc.array(fc.oneof(fc.constant(-1), fc.nat(3), fc.nat(300)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(sizes, sizes),
        fc.integer({ min: 16, max: 400 }),
        fc.integer({ min: 1, max: 70 }),
        async (sizesOfPartitions, bufferBytes, recordsMax) => {
          const values = sizesOfPartitions.map((list) =>
            list.map((size, index) => (size < 0 ? null : new Uint8Array(size).fill(index))),
          );
          const total = values.flat().length;
          if (total === 0) return;
          const it = reader(await filledTopic(values), [0, 1]);
          it.buffers.values = new Uint8Array(bufferBytes);
          const records = await it.read(({ length }) => length >= total, { recordsMax });
          await it.consumer.close(1_000);
          expect(byPartition(records, 2).map((part) => part.map(({ value }) => value))).toEqual(values);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('has a record that is larger than the buffer', async () => {
    const large = new Uint8Array(900_000).map((_, index) => index % 251);
    const topic = await filledTopic([[text('before'), large, text('after')]]);
    const it = withSmallBuffer(reader(topic, [0]));
    const records = await it.read(({ length }) => length >= 3);
    await it.consumer.close(1_000);
    expect(records.map(({ value }) => value?.length)).toEqual([6, 900_000, 5]);
    expect(Buffer.compare(records[1]?.value ?? new Uint8Array(0), large)).toBe(0);
  });
});

describe('what was read and not yet delivered', () => {
  test('is not delivered once its partition is unassigned', async () => {
    const it = withSmallBuffer(reader(await filledTopic([numbered(0, 500), numbered(1, 500)]), [0, 1]));
    await it.read(({ length }) => length > 0);
    it.consumer.unassign();
    for (let call = 0; call < 20; call += 1) expect(it.consumer.consumeBatch(5, 1_000)).toBe(0);
    await it.consumer.close(1_000);
  });

  test('is delivered exactly once of the partitions that stay', async () => {
    const topic = await filledTopic([numbered(0, 500), numbered(1, 500)]);
    const connection = mockConnection(cluster.bootstrapServers);
    const properties = { 'partition.assignment.strategy': 'cooperative-sticky' };
    const it = withSmallBuffer(member({ connection, topic, groupId: `cooperative ${topic}`, properties }));
    it.consumer.connect();
    it.consumer.subscribe();
    const before = await it.read((records) => byPartition(records, 2).every(({ length }) => length > 0));
    expect(it.consumer.rebalanceProtocol()).toBe('COOPERATIVE');
    expect(it.consumer.incrementalUnassign([1])).toBe(true);
    const seen = byPartition(before, 2)[0]?.length ?? 0;
    const after = await it.read(({ length }) => length >= 500 - seen);
    await it.consumer.close(1_000);
    expect(byPartition(after, 2)[1]).toEqual([]);
    const offsets = byPartition([...before, ...after], 2)[0]?.map(({ offset }) => offset);
    expect(offsets).toEqual(Array.from({ length: 500 }, (_, index) => index));
  });

  test('waits while its partition is paused, and is delivered exactly once after', async () => {
    const it = withSmallBuffer(reader(await filledTopic([numbered(0, 500), numbered(1, 500)]), [0, 1]));
    const before = await it.read(({ length }) => length > 0);
    // More of this one has been read and is waiting.
    const paused = before[0]?.partition ?? -1;
    it.consumer.pause([paused]);
    const other = 1 - paused;
    const left = (partition: number, records: readonly ReadRecord[]): number =>
      500 - records.filter((record) => record.partition === partition).length;
    const meanwhile = await it.read((records) => records.length >= left(other, before));
    expect(meanwhile.filter(({ partition }) => partition === paused)).toEqual([]);
    expect(it.consumer.consumeBatch(50, 1_000)).toBe(0);
    it.consumer.resume([paused]);
    const after = await it.read((records) => records.length >= left(paused, before));
    await it.consumer.close(1_000);
    for (const part of byPartition([...before, ...meanwhile, ...after], 2)) {
      expect(part.map(({ offset }) => offset)).toEqual(Array.from({ length: 500 }, (_, index) => index));
    }
  });

  test('is not delivered after a seek', async () => {
    const it = withSmallBuffer(reader(await filledTopic([numbered(0, 500)]), [0]));
    await it.read(({ length }) => length > 0);
    expect(it.consumer.seek(0, 400)).toBe(true);
    const records = await it.read(({ length }) => length >= 100);
    await it.consumer.close(1_000);
    expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, index) => 400 + index));
  });
});

describe('a position', () => {
  test('is the one of the assignment', async () => {
    const it = reader(await filledTopic([numbered(0, 50)]), [0], 42);
    const records = await it.read(({ length }) => length >= 8);
    await it.consumer.close(1_000);
    expect(records.map(({ offset }) => offset)).toEqual([42, 43, 44, 45, 46, 47, 48, 49]);
  });

  test('of a partition that is not assigned cannot be changed', async () => {
    const it = reader(await filledTopic([numbered(0, 5), numbered(1, 5)]), [0]);
    await it.read(({ length }) => length >= 5);
    // The client refuses it, or is slow to do so.
    it.consumer.seek(1, 3);
    it.consumer.assign([{ partition: 1, offset: 0 }]);
    const records = await it.read(({ length }) => length >= 5);
    await it.consumer.close(1_000);
    expect(records.map(({ partition, offset }) => [partition, offset])).toEqual(
      [0, 1, 2, 3, 4].map((offset) => [1, offset]),
    );
  });
});

test("a partition's end is a row behind its records, once for each end, and only when asked for", async () => {
  const topic = await filledTopic([[text('a'), text('b')], []]);
  const it = member({
    connection: mockConnection(cluster.bootstrapServers),
    topic,
    groupId: `group of ${topic}`,
    properties: { 'enable.partition.eof': true },
  });
  it.consumer.connect();
  it.consumer.assign([0, 1].map((partition) => ({ partition, offset: 0 })));
  const isEnd = ({ timestampMs }: ReadRecord): boolean => timestampMs === -1;
  const first = await it.read((records) => records.filter(isEnd).length >= 2);
  expect(byPartition(first, 2).map((part) => part.map((record) => [record.offset, isEnd(record)]))).toEqual([
    [
      [0, false],
      [1, false],
      [2, true],
    ],
    [[0, true]],
  ]);
  it.consumer.seek(0, 1);
  const again = await it.read((records) => records.some(isEnd));
  expect(again.map((record) => [record.offset, isEnd(record)])).toEqual([
    [1, false],
    [2, true],
  ]);
  await it.consumer.close(1_000);
});
