import { expect, test } from 'vitest';
import { FlexibleWriter } from '../../../src/kafka/wire/flexible-bytes.ts';
import { topicIdentityMessage } from '../../../src/kafka/kafkajs/identity-request.ts';
import type { TopicIdentity } from '../../../src/kafka/topic-identity.ts';

interface Partition {
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
}

const topicId = '0123456789abcdef0123456789abcdef';

/** The answer of a broker to Metadata, version 12, as the protocol's definition has it. */
function answer(errorCode: number, partitions: readonly Partition[]): Buffer {
  const int16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);
  const writer = new FlexibleWriter();
  writer.noTags().int32(0);
  writer.arrayOf(1).int32(1).text('broker-1').int32(9_092).text(null).noTags();
  writer.text('cluster').int32(1);
  writer.arrayOf(1).bytes(int16(errorCode)).text('t').bytes(Buffer.from(topicId, 'hex')).boolean(false);
  writer.arrayOf(partitions.length);
  for (const { partition, leader, replicas } of partitions) {
    writer
      .bytes(int16(leader < 0 ? 5 : 0))
      .int32(partition)
      .int32(leader)
      .int32(7);
    for (const list of [replicas, replicas, []]) {
      writer.arrayOf(list.length);
      for (const nodeId of list) writer.int32(nodeId);
    }
    writer.noTags();
  }
  return writer.int32(0).noTags().noTags().done();
}

/** The answer as the caller of the request receives it. */
async function identityIn(bytes: Buffer): Promise<TopicIdentity | undefined> {
  const { response } = topicIdentityMessage('t');
  return response.parse((await response.decode(bytes)) as never);
}

const led: Partition = { partition: 0, leader: 1, replicas: [1, 2] };
const leaderless: Partition = { partition: 1, leader: -1, replicas: [2] };

test('a topic is its id, its partitions, and those without a leader with their replicas', async () => {
  expect(await identityIn(answer(0, [led, leaderless]))).toEqual({
    topicId,
    partitions: 2,
    leaderless: [{ partition: 1, replicas: [2] }],
  });
});

test('a topic that the broker does not know has no identity', async () => {
  expect(await identityIn(answer(3, []))).toBeUndefined();
});

test('an answer without access to the topic is an error, although it contains an id', async () => {
  await expect(identityIn(answer(29, []))).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
});

test('a truncated answer is an error', async () => {
  const whole = answer(0, [led]);
  for (const length of [0, 10, whole.length - 20]) {
    await expect(identityIn(whole.subarray(0, length))).rejects.toThrow('the response is truncated');
  }
});
