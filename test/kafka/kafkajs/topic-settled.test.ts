import { expect, test } from 'vitest';
import { topicSettled } from '../../../src/kafka/kafkajs/topic-settled.ts';

/** Brokers whose answers are these, one after the other; the last one is repeated. */
function answers(...lists: readonly (readonly number[])[]): {
  readonly known: () => Promise<readonly number[]>;
  readonly asked: () => number;
} {
  let asked = 0;
  return {
    known: () => Promise.resolve(lists[Math.min(asked++, lists.length - 1)] ?? []),
    asked: () => asked,
  };
}

test('a topic is settled when every broker knows all partitions', async () => {
  const brokers = answers([], [0, 4], [4, 3], [4, 4], [9, 9]);
  await topicSettled({ partitions: 4, timeoutMs: 60_000, known: brokers.known });
  expect(brokers.asked()).toBe(4);
});

test('a deleted topic is settled when no broker knows it', async () => {
  const brokers = answers([4, 0], [0, 0]);
  await topicSettled({ partitions: 0, timeoutMs: 60_000, known: brokers.known });
  expect(brokers.asked()).toBe(2);
});

test.each([{ lists: [[4, 3]] }, { lists: [[]] }])(
  'brokers that answer $lists.0 until the time limit are a timeout',
  async ({ lists }) => {
    const { known } = answers(...lists);
    await expect(topicSettled({ partitions: 4, timeoutMs: 60, known })).rejects.toMatchObject({
      code: 'timeout',
      message: 'the topic was not ready on all brokers within 60 ms (--timeout)',
    });
  },
);

test('an error of the brokers is not hidden by waiting', async () => {
  const known = (): Promise<never> => Promise.reject(new Error('not authorized'));
  await expect(topicSettled({ partitions: 4, timeoutMs: 60_000, known })).rejects.toThrow('not authorized');
});
