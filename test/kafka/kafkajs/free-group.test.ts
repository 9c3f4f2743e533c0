import { expect, test } from 'vitest';
import { groupInUse, requireFreeGroup } from '../../../src/kafka/kafkajs/free-group.ts';
import { expectAbortable, neverMs } from '../../support/silent-server.ts';

const member = (clientId: string) => ({
  memberId: clientId,
  instanceId: undefined,
  clientId,
  assigned: [],
  clientHost: '/10.0.0.7',
});

test('a group without members is free, whatever it has committed', () => {
  expect(groupInUse('g', undefined)).toBeUndefined();
  const empty = { state: 'Empty', protocolType: 'consumer', assignor: '', members: [] };
  expect(groupInUse('g', { ...empty, type: 'classic' })).toBeUndefined();
  expect(groupInUse('g', { ...empty, type: 'consumer' })).toBeUndefined();
});

test('rejects a group of another type, even when it is empty', () => {
  const group = { type: 'share', state: 'Empty', protocolType: 'share', assignor: '', members: [] };
  expect(groupInUse('g', group)?.message).toBe("group 'g' is a share group (Empty)");
});

test('lists members with protocol, assignor, client and host', () => {
  const members = ['rdkafka', 'spring-1'].map(member);
  const classic = { type: 'classic', state: 'Stable', protocolType: 'consumer', assignor: 'range', members };
  expect(groupInUse('g', classic)).toMatchObject({
    code: 'groupRefused',
    message:
      "group 'g' is in use: 2 members of the classic protocol, assignor range, rdkafka at /10.0.0.7, spring-1 at /10.0.0.7",
  });
  expect(groupInUse('g', { ...classic, protocolType: 'connect', members: ['c'].map(member) })?.message).toBe(
    "group 'g' is in use: 1 member of type 'connect', c at /10.0.0.7",
  );
  const many = { ...classic, assignor: '', members: ['a', 'b', 'c', 'd'].map(member) };
  expect(groupInUse('g', many)?.message).toMatch(/: 4 members of the classic protocol, a at .*, c at \S+ and others$/);
});

test('an abort ends the question, and its connections', async () => {
  await expectAbortable((connection, signal) => requireFreeGroup(connection, 'g', { timeoutMs: neverMs, signal }));
});
