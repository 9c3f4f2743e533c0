// Tests of your own consumer on real brokers: npx vitest run --config examples/vitest.config.ts
import { Kafka, logLevel, type Admin, type Consumer, type Producer } from 'kafkajs';
import { beforeAll, expect, test, vi } from 'vitest';
import { startBrokers, type Brokers } from 'consumer-cluster-wordcount';

/** The code under test: adds up the amounts of orders. */
class OrderTotals {
  total = 0;
  readonly #consumer: Consumer;

  constructor(kafka: Kafka) {
    this.#consumer = kafka.consumer({ groupId: 'order-totals', sessionTimeout: 3_000, heartbeatInterval: 300 });
  }

  async start(): Promise<void> {
    await this.#consumer.subscribe({ topics: ['orders'], fromBeginning: true });
    await this.#consumer.run({
      eachMessage: ({ message }) => {
        this.total += Number(message.value);
        return Promise.resolve();
      },
    });
  }

  stop(): Promise<void> {
    return this.#consumer.disconnect();
  }
}

let brokers: Brokers;
let admin: Admin;
let producer: Producer;
let totals: OrderTotals;

beforeAll(async () => {
  brokers = await startBrokers();
  const kafka = new Kafka({ brokers: brokers.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  admin = kafka.admin();
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 4 }], waitForLeaders: false });
  producer = kafka.producer();
  await producer.connect();
  totals = new OrderTotals(kafka);
  // Brokers learn of a new topic one after the other, and kafkajs fails at one that does not know it yet.
  await vi.waitFor(() => totals.start(), { timeout: 30_000 });
  return async () => {
    await producer.disconnect();
    await totals.stop();
    await admin.disconnect();
    await brokers.stop();
  };
});

async function committedRecords(): Promise<number> {
  const [orders] = await admin.fetchOffsets({ groupId: 'order-totals', topics: ['orders'] });
  const offsets = (orders?.partitions ?? []).map(({ offset }) => Math.max(0, Number(offset)));
  return offsets.reduce((sum, offset) => sum + offset, 0);
}

test('adds up the amounts', async () => {
  await producer.send({ topic: 'orders', messages: ['1', '2', '3'].map((value) => ({ value })) });
  await expect.poll(() => totals.total, { timeout: 30_000 }).toBe(6);
});

test('continues when a broker is lost', async () => {
  // Records whose offsets are not committed yet would be delivered, and added, again.
  await expect.poll(committedRecords, { timeout: 30_000 }).toBe(3);
  await brokers.kill(1);
  await producer.send({ topic: 'orders', messages: [{ value: '4' }] });
  await expect.poll(() => totals.total, { timeout: 60_000 }).toBe(10);
});
