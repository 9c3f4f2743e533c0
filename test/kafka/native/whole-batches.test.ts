import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compressions } from '../../../src/config/producer-properties.ts';
import { BatchProducer } from '../../../src/kafka/native/producer.ts';
import { slicesOf } from '../../../src/kafka/native/slices.ts';
import { seededRandom } from '../../../src/seeded-random.ts';
import { accepted, ProduceBrokers, type Fate } from '../../support/produce-broker.ts';
import { eventually } from '../../support/eventually.ts';
import { mockConnection, type Value } from './test-group.ts';

const seed = Number(process.env['BATCHES_SEED'] ?? Date.now() % 2 ** 32);
const partitions = 3;

let brokers: ProduceBrokers;
beforeEach(async () => {
  brokers = await ProduceBrokers.start(partitions);
});
afterEach(() => {
  brokers.close();
});

async function connected(properties: Readonly<Record<string, string | number | boolean>> = {}): Promise<BatchProducer> {
  const producer = new BatchProducer({
    connection: mockConnection(brokers.bootstrapServers),
    clientId: 'test',
    properties: {
      'enable.idempotence': true,
      acks: 'all',
      'linger.ms': 2,
      'batch.num.messages': 50_000,
      'retry.backoff.ms': 5,
      'retry.backoff.max.ms': 20,
      'reconnect.backoff.ms': 5,
      'reconnect.backoff.max.ms': 20,
      'topic.metadata.refresh.fast.interval.ms': 20,
      ...properties,
    },
  });
  await producer.connect(60_000);
  return producer;
}

/** Handles the delivery reports of a producer that has failed. @returns true */
function pollFailed(producer: BatchProducer): boolean {
  expect(() => {
    producer.poll();
  }).toThrow();
  return true;
}

type KeyedValue = readonly [key: Value, value: Value];

async function produce(producer: BatchProducer, partition: number, records: readonly KeyedValue[]): Promise<void> {
  const values = slicesOf(records.map(([, value]) => value));
  const keys = slicesOf(records.map(([key]) => key));
  await producer.produce({ topic: 't', partition, count: records.length, values, keys });
}

/** Numbered, so that a repetition is not a record like another. */
function numbered(count: number, first = 0): KeyedValue[] {
  return Array.from({ length: count }, (_, index) => [null, Buffer.from(`record ${first + index}`.padEnd(66, '.'))]);
}

const comparable = (records: readonly KeyedValue[]): (string | null)[][] =>
  records.map((fields) =>
    fields.map((field) =>
      field === null ? null : Buffer.from(field.buffer, field.byteOffset, field.length).toString('latin1'),
    ),
  );

describe('records that fill a batch', () => {
  test.each(compressions)('are sent as one batch, and the others with others (compression %s)', async (compression) => {
    const producer = await connected({ 'compression.type': compression });
    const records = numbered(10_007);
    await produce(producer, 1, records.slice(0, 3));
    await produce(producer, 1, records.slice(3, 10_003));
    await produce(producer, 1, records.slice(10_003, 10_005));
    await produce(producer, 1, records.slice(10_005));
    await producer.flush(60_000);
    expect(producer.delivered).toBe(10_007);
    producer.close();
    expect(brokers.violations).toEqual([]);
    expect(comparable(brokers.records(1))).toEqual(comparable(records));
    expect(brokers.batchSizes(1).slice(0, 2)).toEqual([3, 10_000]);
  });

  test('become several batches of about the same size where the properties allow no larger one', async () => {
    const producer = await connected({ 'batch.size': 300_000 });
    await produce(producer, 0, numbered(10_000));
    await producer.flush(60_000);
    producer.close();
    expect(brokers.batchSizes(0)).toEqual([3_334, 3_334, 3_332]);
  });

  test('wait while the queue has no room for them', async () => {
    const producer = await connected({ 'queue.buffering.max.messages': 6_000 });
    await produce(producer, 2, numbered(40_000));
    await producer.flush(60_000);
    expect(producer.delivered).toBe(40_000);
    producer.close();
    expect(comparable(brokers.records(2))).toEqual(comparable(numbered(40_000)));
  });

  test('fail together, and the records after them are delivered', async () => {
    const producer = await connected();
    const tooLarge = 10;
    const fates: Fate[] = [{ type: 'answer', code: tooLarge, append: false }];
    brokers.fate = () => fates.shift() ?? accepted;
    await produce(producer, 0, numbered(5_000));
    await expect(producer.flush(60_000)).rejects.toMatchObject({
      message: expect.stringContaining('5,000 records could not be delivered') as string,
    });
    await produce(producer, 0, numbered(4_000));
    await eventually('delivery', () => pollFailed(producer) && producer.delivered === 4_000);
    expect(producer.failed).toBe(5_000);
    producer.close();
    expect(brokers.violations).toEqual([]);
    expect(brokers.batchSizes(0)).toEqual([4_000]);
  });

  test('fail when they are not delivered in time', async () => {
    const producer = await connected({ 'message.timeout.ms': 300, 'socket.timeout.ms': 200 });
    brokers.fate = () => ({ type: 'silence', append: false });
    await produce(producer, 0, numbered(5_000));
    await produce(producer, 0, numbered(5_000));
    await expect(producer.flush(60_000)).rejects.toMatchObject({ code: 'brokerUnavailable' });
    await eventually('failure', () => pollFailed(producer) && producer.failed === 10_000);
    expect(producer.delivered).toBe(0);
    producer.close();
  });
});

/**
 * Three requests that are in flight together if the producer is fast enough: two records, and a whole
 * batch. librdkafka sends no further request while five records of a partition are unanswered.
 * @param isRejected - true when the broker has rejected the first one, which waits for its retry
 */
async function produceThree(producer: BatchProducer, first: number, isRejected: () => boolean): Promise<KeyedValue[]> {
  const records = numbered(4_002, first);
  await produce(producer, 0, records.slice(0, 1));
  await eventually('the first request', isRejected);
  await produce(producer, 0, records.slice(1, 2));
  await produce(producer, 0, records.slice(2));
  await producer.flush(60_000);
  return records;
}

const slowRetry = { 'retry.backoff.ms': 100, 'retry.backoff.max.ms': 100 };
const rejected: Fate = { type: 'answer', code: 19, append: false };
const unconfirmed: Fate = { type: 'answer', code: 7, append: true };

describe('with several requests in flight', () => {
  test('one that is appended but not confirmed is not repeated when a later one is out of order', async () => {
    const producer = await connected(slowRetry);
    const records: KeyedValue[] = [];
    let reached = false;
    for (let round = 0; round < 50 && !reached; round += 1) {
      const first = records.length;
      const arrived: number[] = [];
      brokers.fate = (_, sequence) => {
        arrived.push(sequence - first);
        const attempts = arrived.filter((request) => request === 0).length;
        const [before, request] = [arrived.at(-2), arrived.at(-1)];
        if (request === 0 && attempts <= 2) return attempts === 1 ? rejected : unconfirmed;
        return request === 1 && before === 0 && attempts === 2 ? rejected : accepted;
      };
      const three = await produceThree(producer, first, () => arrived.length > 0);
      for (const record of three) records.push(record);
      reached = arrived.join().startsWith('0,0,1,2');
    }
    producer.close();
    expect(reached).toBe(true);
    expect(brokers.violations).toEqual([]);
    expect(comparable(brokers.records(0))).toEqual(comparable(records));
  });

  test('the first one is not lost when the broker rejects it and accepts the next', async () => {
    const producer = await connected(slowRetry);
    const fates = [rejected, rejected, rejected];
    brokers.fate = (_, sequence) => (sequence === 0 ? (fates.shift() ?? accepted) : accepted);
    const records = await produceThree(producer, 0, () => fates.length < 3);
    expect(producer.delivered).toBe(records.length);
    producer.close();
    expect(brokers.violations).toEqual([]);
    expect(comparable(brokers.records(0))).toEqual(comparable(records));
  });
});

/** Not appended; then appended, although the response says otherwise. */
const errorsBefore = [3, 5, 6, 19, 56];
const errorsAfter = [7, 20];

function randomFate(below: (limit: number) => number, counts: Map<string, number>): Fate {
  const pick = (list: readonly number[]): number => list[below(list.length)] ?? 0;
  const kind = below(20);
  const fate = ((): Fate => {
    if (kind < 11) return accepted;
    if (kind < 15) return { type: 'answer', code: pick(errorsBefore), append: false };
    if (kind < 17) return { type: 'answer', code: pick(errorsAfter), append: true };
    return { type: kind === 19 && below(2) === 0 ? 'silence' : 'drop', append: below(2) === 0 };
  })();
  const name = `${fate.type}${fate.append ? ', appended' : ''}`;
  counts.set(name, (counts.get(name) ?? 0) + 1);
  return fate;
}

test(`brokers that fail, stay silent and lose responses neither repeat, lose nor reorder a record, with seed ${seed}`, async () => {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const producer = await connected({
    'batch.size': 250_000,
    // Small requests, of which several are in flight.
    'linger.ms': 0,
    'queue.buffering.max.messages': 4_000 + below(20_000),
    'socket.timeout.ms': 150,
    'socket.connection.setup.timeout.ms': 1_000,
  });
  const fates = new Map<string, number>();
  brokers.fate = () => randomFate(below, fates);
  const sent = Array.from({ length: partitions }, (): KeyedValue[] => []);
  const sizes = [40, 150, 3_000];
  let number = 0;
  for (let call = 0; call < 200; call += 1) {
    const partition = below(partitions);
    const size = sizes[below(sizes.length)] ?? 0;
    const count = 1 + below([3, 20, 2_500, 2_500][below(4)] ?? 0);
    const records = Array.from({ length: count }, (): KeyedValue => {
      const text = `${call} ${(number += 1)} `;
      return [
        below(4) === 0 ? Buffer.from(`key ${call}`) : null,
        below(50) === 0 ? null : Buffer.from(text.padEnd(below(size), 'x')),
      ];
    });
    if (below(10) === 0) brokers.moveLeader(below(partitions));
    await produce(producer, partition, records);
    for (const record of records) sent[partition]?.push(record);
  }
  await producer.flush(60_000);
  expect(producer.delivered).toBe(sent.reduce((sum, { length }) => sum + length, 0));
  expect(producer.failed).toBe(0);
  producer.close();
  expect(brokers.violations).toEqual([]);
  for (const [partition, records] of sent.entries()) {
    const found = comparable(brokers.records(partition));
    const expected = comparable(records);
    const wrong = expected.findIndex((fields, index) => fields.join() !== found[index]?.join());
    expect({ partition, wrong, records: found.length }).toEqual({ partition, wrong: -1, records: records.length });
  }
  expect(fates.size, JSON.stringify([...fates])).toBeGreaterThanOrEqual(5);
});
