// Tests of your own consumer on real brokers: npx vitest run --config examples/vitest.config.ts
import { Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';
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
let producer: Producer;
let totals: OrderTotals;

beforeAll(async () => {
  brokers = await startBrokers();
  const kafka = new Kafka({ brokers: brokers.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 4 }], waitForLeaders: false });
  await admin.disconnect();
  producer = kafka.producer();
  await producer.connect();
  totals = new OrderTotals(kafka);
  // Brokers learn of a new topic one after the other, and kafkajs fails at one that does not know it yet.
  await vi.waitFor(() => totals.start(), { timeout: 30_000 });
  return async () => {
    await producer.disconnect();
    await totals.stop();
    await brokers.stop();
  };
});

test('adds up the amounts', async () => {
  await producer.send({ topic: 'orders', messages: ['1', '2', '3'].map((value) => ({ value })) });
  await expect.poll(() => totals.total, { timeout: 30_000 }).toBe(6);
});

test('continues when a broker is lost', async () => {
  await brokers.kill(1);
  await producer.send({ topic: 'orders', messages: [{ value: '4' }] });
  await expect.poll(() => totals.total, { timeout: 60_000 }).toBe(10);
});
