import { expect, test } from 'vitest';
import { judgeTopic } from '../../src/cluster/topic-poller.ts';

const leaderless = [{ partition: 1, replicas: [2] }];
const answer = (topicId: string | undefined, partitions = 4) => ({ topicId, partitions, leaderless: [] });

test('a topic is replaced when one broker reports another id, and gone when no broker knows it', () => {
  expect(judgeTopic('a', [answer('a'), answer('b')])).toEqual({ type: 'replaced' });
  expect(judgeTopic('a', [undefined, undefined])).toEqual({ type: 'gone' });
  expect(judgeTopic('a', [undefined, answer('a')])).toMatchObject({ type: 'same', topicId: 'a', partitions: 4 });
});

test('brokers that report no ids still report partitions', () => {
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
