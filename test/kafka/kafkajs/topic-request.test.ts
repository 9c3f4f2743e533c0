import { afterEach, expect, test, vi } from 'vitest';
import { PassingError } from '../../../src/kafka/kafkajs/retried.ts';
import { topicRequest } from '../../../src/kafka/kafkajs/topic-request.ts';

const topic = { topic: 'orders', partitions: 4, replicationFactor: 2 };

afterEach(() => vi.useRealTimers());

test('too few brokers for the replicas: an error only when it lasts longer than a late heartbeat', async () => {
  vi.useFakeTimers({ toFake: ['hrtime'] });
  const refused = Object.assign(new Error('refused'), { type: 'INVALID_REPLICATION_FACTOR' });
  const request = topicRequest({ createTopics: () => Promise.reject(refused) }, topic, 1_000);
  const passing: unknown = await request().catch((error: unknown) => error);
  expect(passing).toBeInstanceOf(PassingError);
  expect(passing).toMatchObject({
    ifLasting: { code: 'usage', message: "topic 'orders' has an invalid number of replicas (--replication-factor)" },
  });
  vi.advanceTimersByTime(3_000);
  await expect(request()).rejects.toBe(refused);
});

test('a topic that exists is a success only after an attempt whose response was lost', async () => {
  const lost = new Error('lost');
  const attempts = [lost, false];
  const createTopics = (): Promise<boolean> => {
    const attempt = attempts.shift() ?? false;
    return attempt === lost ? Promise.reject(lost) : Promise.resolve(false);
  };
  expect(await topicRequest({ createTopics: () => Promise.resolve(false) }, topic, 1_000)()).toBe(false);
  const request = topicRequest({ createTopics }, topic, 1_000);
  await expect(request()).rejects.toBe(lost);
  expect(await request()).toBe(true);
});
