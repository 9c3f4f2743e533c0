import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { readTopicRange } from '../../src/kafka/kafkajs/topic-range.ts';
import {
  ClusterError,
  produce,
  startGroup,
  verifyTopic,
  type Group,
  type GroupEvents,
  type GroupOptions,
} from '../../src/library/library.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { groupIdsOf } from '../support/groups.ts';

let connection: Connection;
let brokers: string;
let books: string;
const records = 20_000;

beforeAll(async () => {
  connection = await sharedBrokers();
  brokers = connection.bootstrapServers;
  books = `books-${randomUUID().slice(0, 8)}`;
  const { perPartition } = await produce({ brokers, topic: books, records });
  expect(perPartition).toEqual([5_000, 5_000, 5_000, 5_000]);
});

async function start(options: Partial<GroupOptions> = {}): Promise<Group> {
  const group = await startGroup({ brokers, topic: books, sessionTimeoutMs: 3_000, ...options });
  onTestFinished(() => group.stop('kill'));
  return group;
}

/** Names of the events, in their order. */
function namesOfEvents(group: Group): string[] {
  const names: string[] = [];
  const all: readonly (keyof GroupEvents)[] = ['memberStarted', 'assigned', 'memberLeft', 'memberCrashed', 'recovered'];
  for (const name of all) group.on(name, () => names.push(name));
  return names;
}

test('two groups at once: members are added, drained and killed, and both count every word', async () => {
  const groups = await Promise.all([start({ workUs: 100, membersMax: 3 }), start({ groupProtocol: 'consumer' })]);
  const [slow] = groups;
  const names = namesOfEvents(slow);
  const added = slow.addMember();
  expect(added).toBe(2);
  await slow.untilSettled();
  const crashed = once(slow, 'memberCrashed');
  await slow.killMember(0);
  expect(await crashed).toEqual([{ memberId: 0, error: undefined }]);
  await slow.drainMember(1);
  for (const group of groups) {
    await group.untilCounted({ timeoutMs: 60_000 });
    const counts = await group.counts();
    expect(counts.ranges.map(({ begin, end }) => end - begin)).toEqual([5_000, 5_000, 5_000, 5_000]);
    const verified = await verifyTopic({ brokers, counts });
    expect(verified).toMatchObject({ equal: true, differing: 0, records, distinctWords: counts.words.size });
    expect(group.topWords(1)).toEqual([{ word: 'the', count: counts.words.get('the') }]);
    expect(group.snapshot()).toMatchObject({ records, writesRefused: 0 });
  }
  await Promise.all(groups.map((group) => group.stop()));
  expect(names.slice(0, 1)).toEqual(['memberStarted']);
  expect(names).toEqual(expect.arrayContaining(['assigned', 'memberLeft', 'memberCrashed', 'recovered']));
  expect(
    slow
      .snapshot()
      .members.map(({ phase }) => phase)
      .slice(0, 2),
  ).toEqual(['crashed', 'left']);
  const left = await groupIdsOf(connection);
  expect(groups.filter(({ groupId }) => left.includes(groupId))).toEqual([]);
  expect(() => slow.addMember()).toThrow(`group ${slow.groupId} has stopped`);
});

test('a group counts what is produced while it runs, and starts without members', async () => {
  const topic = `live-${randomUUID().slice(0, 8)}`;
  await produce({ brokers, topic, records: 100, partitions: 1 });
  const group = await start({ topic, members: 0 });
  group.addMember();
  await group.untilCounted();
  expect(group.snapshot().records).toBe(100);
  await produce({ brokers, topic, records: 400, rate: 2_000 });
  await group.untilCounted();
  expect(group.snapshot().records).toBe(500);
});

test('a group with a given id stays, and refuses a second one with the same id', async () => {
  const groupId = `named-${randomUUID().slice(0, 8)}`;
  const group = await start({ groupId });
  await expect(startGroup({ brokers, topic: books, groupId })).rejects.toMatchObject({
    name: 'ClusterError',
    code: 'groupRefused',
  });
  await group.stop();
  expect(await groupIdsOf(connection)).toContain(groupId);
});

test('an aborted wait, verification or feed rejects with the reason of the signal', async () => {
  const group = await start({ workUs: 1_000 });
  const later = AbortSignal.timeout(200);
  const cause = await group.untilCounted({ signal: later }).catch((error: unknown) => error);
  expect(cause).toBe(later.reason);
  const signal = AbortSignal.abort('at once');
  await expect(verifyTopic({ brokers, counts: { topic: books, words: new Map() }, signal })).rejects.toBe('at once');
  await expect(produce({ brokers, topic: 'never', signal })).rejects.toBe('at once');
});

test('waits that are under way when their group is stopped reject', async () => {
  const group = await start({ workUs: 1_000 });
  const waits = [group.untilCounted(), group.untilSettled()];
  for (const wait of waits) wait.catch(() => undefined);
  await group.stop('kill');
  await expect(waits[0]).rejects.toThrow(`group ${group.groupId} has stopped`);
  await expect(group.untilSettled()).rejects.toThrow(`group ${group.groupId} has stopped`);
});

test('a group whose topic is deleted fails, and the waits reject with the same error', async () => {
  const topic = `gone-${randomUUID().slice(0, 8)}`;
  await produce({ brokers, topic, records: 100 });
  const group = await start({ topic });
  const failed = once(group, 'failed');
  await withTopicDeleted(topic);
  const [error] = (await failed) as [unknown];
  expect(error).toBeInstanceOf(ClusterError);
  expect(group.failed.reason).toBe(error);
  await expect(group.untilSettled()).rejects.toBe(error);
});

async function withTopicDeleted(topic: string): Promise<void> {
  const { Kafka, logLevel } = await import('kafkajs');
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
}

test('wrong counts are a result that names the words', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lines-'));
  writeFileSync(join(folder, 'a.txt'), 'one two two\n');
  writeFileSync(join(folder, 'b.txt'), 'three\n');
  const topic = `lines-${randomUUID().slice(0, 8)}`;
  expect(await produce({ brokers, topic, input: [folder], partitions: 1 })).toMatchObject({ records: 2, bytes: 16 });
  const words = new Map([
    ['one', 1],
    ['two', 1],
    ['four', 1],
  ]);
  expect(await verifyTopic({ brokers, counts: { topic, words } })).toEqual({
    ...{ equal: false, differing: 3, records: 2, words: 4, distinctWords: 3 },
    missing: [{ word: 'three', count: 0, reference: 1 }],
    extra: [{ word: 'four', count: 1, reference: 0 }],
    different: [{ word: 'two', count: 1, reference: 2 }],
  });
});

test('an interrupted produce rejects; the topic holds the records that were sent before', async () => {
  const topic = `interrupted-${randomUUID().slice(0, 8)}`;
  const stop = new AbortController();
  let seen = 0;
  const producing = produce({
    ...{ brokers, topic, records: 1e9, rate: 10_000, partitions: 1, signal: stop.signal },
    onProgress: (delivered) => {
      seen = delivered;
      if (delivered > 0) stop.abort('enough');
    },
  });
  await expect(producing).rejects.toBe('enough');
  expect((await readTopicRange(connection, topic, 20_000)).endOffsets).toEqual([seen]);
});

test.each([
  [{ topic: 'missing' }, 'topicUnavailable', "topic 'missing' does not exist"],
  [{ topic: 'x', members: 65 }, 'usage', 'members: 65 is not a whole number from 0 to 64'],
  [{ topic: 'x', tokenizer: 'words' }, 'usage', "tokenizer: 'words' is not one of unicode, ascii"],
  [{ topic: 'x', clientProperties: { nonsense: '1' } }, 'usage', 'clientProperties: unknown property nonsense'],
])('startGroup rejects %j', async (options, code, message) => {
  const starting = startGroup({ brokers, ...options } as GroupOptions);
  await expect(starting).rejects.toMatchObject({ name: 'ClusterError', code });
  await expect(startGroup({ brokers, ...options } as GroupOptions)).rejects.toThrow(message);
});
