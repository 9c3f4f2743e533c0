import { expect, test } from 'vitest';
import type { ClusterError } from '../../src/errors.ts';
import { judgeTopic, TopicPoller } from '../../src/cluster/topic-poller.ts';

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

test('a topic that no broker knows yet is not deleted', async () => {
  const gone: ClusterError[] = [];
  let answers: (ReturnType<typeof answer> | undefined)[] = [undefined];
  const poller = new TopicPoller({
    topic: 'words',
    topicId: undefined,
    partitions: () => 4,
    identities: () => Promise.resolve(answers),
    onGrown: () => undefined,
    onTrouble: () => undefined,
    onGone: (error) => gone.push(error),
  });
  try {
    await poller.lookNow();
    await poller.lookNow();
    expect(gone).toEqual([]);
    answers = [answer('a')];
    await poller.lookNow();
    answers = [undefined];
    await poller.lookNow();
    expect(gone.map(({ message }) => message)).toEqual(["topic 'words' was deleted while it was being counted"]);
  } finally {
    poller.stop();
  }
});
