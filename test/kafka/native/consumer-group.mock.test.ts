import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BatchConsumer } from '../../../src/kafka/native/consumer.ts';
import { startMockCluster, type MockCluster } from '../../../src/kafka/native/mock-cluster.ts';
import { answerRebalance, fillTopic, member, mockConnection, type TestMember } from './test-group.ts';

/** Api keys of the Kafka protocol. */
const apiKey = { fetch: 1, offsetCommit: 8, heartbeat: 12, leaveGroup: 13 } as const;

let cluster: MockCluster;
beforeAll(async () => {
  cluster = await startMockCluster(1);
  cluster.createTopic('group-topic', 4);
});
afterAll(async () => {
  await cluster.close();
});

const latePolls = { 'session.timeout.ms': 1_000, 'max.poll.interval.ms': 1_000 };
/** The client looks every 500 ms whether the last poll was too long ago; it may come late itself. */
const tooLateMs = 5_000;

let groups = 0;
function newMember(
  options: Partial<Parameters<typeof member>[0]> & { readonly groupId?: string; readonly topic?: string } = {},
): TestMember {
  const it = member({
    connection: mockConnection(cluster.bootstrapServers),
    topic: 'group-topic',
    groupId: options.groupId ?? `group-${(groups += 1)}`,
    ...options,
  });
  it.consumer.connect();
  it.consumer.subscribe();
  return it;
}

const assigned = (it: TestMember) => () => it.events.some(({ type }) => type === 'assign');
const poll = (it: TestMember, until: () => boolean, timeoutMs = 20_000) => it.read(() => until(), { timeoutMs });

describe('a group', () => {
  test('shares the partitions among its members, and a remaining member takes over those of one that left', async () => {
    const groupId = 'sharing';
    const properties = { 'session.timeout.ms': 2_000 };
    const [first, second] = [newMember({ groupId, properties }), newMember({ groupId, properties })];
    const partitionsOf = (it: TestMember): readonly number[] => it.events.at(-1)?.partitions ?? [];
    const shared = (): boolean => {
      const lists = [first, second].map((it) => (it.events.at(-1)?.type === 'assign' ? partitionsOf(it) : []));
      return lists.every(({ length }) => length === 2) && new Set(lists.flat()).size === 4;
    };
    await Promise.all([poll(first, shared), poll(second, shared)]);
    expect(first.consumer.memberId()).not.toBe('');
    expect(first.consumer.rebalanceProtocol()).toBe('EAGER');
    expect(await second.consumer.close(5_000)).toBe(true);
    await poll(first, () => partitionsOf(first).length === 4);
    expect(await first.consumer.close(5_000)).toBe(true);
  });

  test('receives LeaveGroup from a member that closes', async () => {
    const it = newMember();
    await poll(it, assigned(it));
    cluster.trackRequests();
    expect(await it.consumer.close(5_000)).toBe(true);
    expect(cluster.requests()).toContain(apiKey.leaveGroup);
    expect(it.events.map(({ type }) => type)).toEqual(['assign']);
  });

  test.each(['assign', 'revoke', 'loss'] as const)(
    'receives LeaveGroup from a member that closes while an event (%s) waits for its answer',
    async (kind) => {
      const groupId = `unanswered-${kind}`;
      const it = newMember({
        groupId,
        ...(kind === 'loss' ? { properties: latePolls } : {}),
        onRebalance: (event, consumer) => {
          if ((event.type === 'assign') !== (kind === 'assign')) answerRebalance(event, consumer);
        },
      });
      await poll(it, assigned(it));
      const other = kind === 'revoke' ? newMember({ groupId }) : undefined;
      if (kind === 'loss') await sleep(tooLateMs);
      if (kind !== 'assign') await poll(it, () => it.events.at(-1)?.type === 'revoke');
      expect(it.events.at(-1)?.lost).toBe(kind === 'loss');
      expect(await it.consumer.close(5_000)).toBe(true);
      await other?.consumer.close(5_000);
    },
  );

  test('has another generation when an answer arrives late', async () => {
    const it = newMember({ onRebalance: () => undefined });
    await poll(it, assigned(it));
    const positions = (it.events[0]?.partitions ?? []).map((partition) => ({ partition, offset: 0 }));
    expect(it.consumer.incrementalAssign(positions)).toBe(false);
    expect(it.consumer.assign(positions)).toBe(true);
    await it.consumer.close(5_000);
  });
});

describe('a commit', () => {
  test('is where another member of the group starts', async () => {
    const connection = mockConnection(cluster.bootstrapServers);
    cluster.createTopic('committed', 1);
    await fillTopic(connection, 'committed', [Array.from({ length: 10 }, () => new Uint8Array(1))]);
    const groupId = 'committing';
    const first = newMember({ groupId, topic: 'committed', properties: { 'session.timeout.ms': 5_000 } });
    await first.read(({ length }) => length === 10);
    first.consumer.commit([{ partition: 0, offset: 7 }]);
    await poll(first, () => first.commits.length > 0);
    expect(first.commits).toEqual([{ error: undefined, positions: [{ partition: 0, offset: 7 }] }]);
    await first.consumer.close(5_000);
    const second = newMember({ groupId, topic: 'committed', properties: { 'session.timeout.ms': 5_000 } });
    const records = await second.read(({ length }) => length === 3);
    expect(records.map(({ offset }) => offset)).toEqual([7, 8, 9]);
    await second.consumer.close(5_000);
  });

  test('that is followed by a close at once still counts', async () => {
    const groupId = 'committing and closing';
    const first = newMember({ groupId });
    await poll(first, assigned(first));
    cluster.trackRequests();
    first.consumer.commit([{ partition: 3, offset: 0 }]);
    expect(await first.consumer.close(5_000)).toBe(true);
    const requests = cluster.requests().filter((key) => key === apiKey.offsetCommit || key === apiKey.leaveGroup);
    expect(requests).toEqual([apiKey.offsetCommit, apiKey.leaveGroup]);
  });

  test('that fails is reported', async () => {
    const it = newMember();
    await poll(it, assigned(it));
    const unknownMember = 25;
    cluster.failRequests(apiKey.offsetCommit, [unknownMember]);
    it.consumer.commit([{ partition: 0, offset: 1 }]);
    await poll(it, () => it.commits.length > 0);
    expect(it.commits[0]?.error).toMatchObject({
      code: 'memberFailed',
      message: expect.stringContaining('(25)') as string,
    });
    await it.consumer.close(5_000);
  });
});

describe('an error', () => {
  test('of an unknown topic is reported', async () => {
    const it = newMember({ topic: 'no-such-topic' });
    await poll(it, () => it.errors.some(({ code }) => code === 'topicUnavailable'));
    expect(it.errors[0]?.message).toMatch(/^consumer: .*no-such-topic/);
    await it.consumer.close(5_000);
  });

  test('of unreachable brokers is reported, and close still ends', async () => {
    const connection = mockConnection('127.0.0.1:1');
    const it = newMember({ connection, properties: { 'session.timeout.ms': 60_000 } });
    await poll(it, () => it.errors.some(({ code }) => code === 'brokerUnavailable'));
    const startMs = performance.now();
    await it.consumer.close(500);
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });

  test('of an offset that is out of range is reported, and a seek continues', async () => {
    cluster.createTopic('short', 1);
    const properties = { 'auto.offset.reset': 'error' };
    const it = member({
      connection: mockConnection(cluster.bootstrapServers),
      topic: 'short',
      groupId: 'far',
      properties,
    });
    it.consumer.connect();
    it.consumer.assign([{ partition: 0, offset: 1_000 }]);
    await poll(it, () => it.errors.length > 0);
    expect(it.errors[0]).toMatchObject({ code: 'input', message: expect.stringContaining('partition 0') as string });
    await fillTopic(mockConnection(cluster.bootstrapServers), 'short', [[Buffer.from('there')]]);
    expect(it.consumer.seek(0, 0)).toBe(true);
    expect(await it.read((records) => records.length > 0)).toMatchObject([{ partition: 0, offset: 0 }]);
    await it.consumer.close(5_000);
  });

  test('of having polled too late is reported, and the partitions are lost', async () => {
    const it = newMember({ properties: latePolls });
    await poll(it, assigned(it));
    await sleep(tooLateMs);
    await poll(it, () => it.errors.some(({ code }) => code === 'timeout'));
    await poll(it, () => it.events.some(({ type, lost }) => type === 'revoke' && lost));
    await poll(it, () => it.events.at(-1)?.type === 'assign');
    await it.consumer.close(5_000);
  });

  test('that is fatal ends the batch call', async () => {
    const it = newMember({ properties: { 'group.instance.id': 'static' } });
    await poll(it, assigned(it));
    const fencedInstanceId = 82;
    cluster.failRequests(apiKey.heartbeat, [fencedInstanceId]);
    await expect(poll(it, () => false)).rejects.toMatchObject({ code: 'memberFenced' });
    await it.consumer.close(5_000);
  });

  test('of a property names the property and not its value', () => {
    const build = (properties: Record<string, string>): (() => BatchConsumer) => {
      const options = { connection: mockConnection('127.0.0.1:1'), groupId: 'g', clientId: 'c', topic: 't' };
      const ignore = (): void => undefined;
      return () => new BatchConsumer({ ...options, properties, onRebalance: ignore, onError: ignore });
    };
    expect(build({ 'no.such.property': 'x' })).toThrow(/^client property no.such.property does not exist$/);
    expect(build({ 'security.protocol': 'hunter2' })).toThrow(
      /^client property security.protocol has an invalid value$/,
    );
    expect(build({ 'security.protocol': 'hunter2' })).not.toThrow(/hunter2/);
  });
});
