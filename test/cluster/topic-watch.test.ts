import { expect, test } from 'vitest';
import { judgeTopic } from '../../src/cluster/topic-watch.ts';

const leaderless = [{ partition: 1, replicas: [2] }];
const answer = (topicId: string | undefined, partitions = 4) => ({ topicId, partitions, leaderless: [] });

test('a topic is replaced when one broker tells another id, and gone when none knows it', () => {
  expect(judgeTopic('a', [answer('a'), answer('b')])).toEqual({ type: 'replaced' });
  expect(judgeTopic('a', [undefined, undefined])).toEqual({ type: 'gone' });
  expect(judgeTopic('a', [undefined, answer('a')])).toMatchObject({ type: 'same', topicId: 'a', partitions: 4 });
});

test('brokers that tell no ids tell of partitions all the same', () => {
  expect(judgeTopic(undefined, [answer(undefined, 4), answer(undefined, 6)])).toMatchObject({
    type: 'same',
    topicId: undefined,
    partitions: 6,
  });
  expect(judgeTopic('a', [answer(undefined)])).toMatchObject({ type: 'same', topicId: 'a' });
});

test('a partition is leaderless when every broker says so', () => {
  const sick = { ...answer('a'), leaderless };
  expect(judgeTopic('a', [sick, sick])).toMatchObject({ leaderless });
  expect(judgeTopic('a', [sick, answer('a')])).toMatchObject({ leaderless: [] });
});
