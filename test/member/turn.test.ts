import { expect, test } from 'vitest';
import { TableWriter } from '../../src/count/table-writer.ts';
import { openGate } from '../../src/protocol/cells/gate.ts';
import type { Partition } from '../../src/protocol/ids.ts';
import { emptyTables, memberId, turnMember } from './turn-member.ts';

const record = (partition: number, offset: number, value: string | null = 'to be') => ({ partition, offset, value });
const p0 = 0 as Partition;

test('a turn consumes, applies, and commits what the table then has', () => {
  const { turn, client, rebalance, logged, nextOffsets } = turnMember();
  rebalance('assign', [0, 1]);
  logged();
  client.batches.push([record(0, 0), record(0, 1), record(1, 0)], [record(0, 2)]);
  let atCommit: number[] = [];
  client.onCall = (call) => {
    if (call.startsWith('commit')) atCommit = nextOffsets();
  };
  turn.run();
  expect(logged().slice(-4)).toEqual(['consume', 'consume', 'consume', 'commit 0:3,1:1']);
  expect(atCommit).toEqual([3, 1]);
});

test('a member fetches when the gate opens, and not before', () => {
  const { turn, client, gate, rebalance, logged } = turnMember({ gateOpen: false });
  rebalance('assign', [0, 1]);
  turn.run();
  expect([...client.fetched]).toEqual([]);
  openGate(gate);
  logged();
  turn.run();
  expect(logged()).toEqual(['resume 0,1', 'seek 0:0', 'seek 1:0', 'consume']);
});

test('an assignment claims the tables before it is reported', () => {
  const { tables, owners, rebalance, logged } = turnMember();
  for (const table of tables.slice(1)) new TableWriter(table).claim(9);
  rebalance('assign', [0, 1]);
  expect(logged()).toEqual(['assign 0:0,1:0', 'pause 0,1', '{"type":"assigned","partitions":[0],"waiting":[1]}']);
  expect(owners()).toEqual([memberId, 9]);
});

test('a revocation commits, releases the table, unassigns, and is then reported', () => {
  const { turn, client, owners, rebalance, logged, answer } = turnMember({ protocol: 'COOPERATIVE' });
  rebalance('assign', [0, 1]);
  client.batches.push([record(1, 0)], []);
  turn.run();
  answer(new Error('refused'));
  logged();
  const ownersAt: Record<string, unknown> = {};
  client.onCall = (call) => (ownersAt[call] = owners());
  rebalance('revoke', [1]);
  expect(logged()).toEqual(['commit 1:1', 'unassign 1', '{"type":"revoked","partitions":[1],"lost":false}']);
  expect(ownersAt).toEqual({ 'commit 1:1': [memberId, memberId], 'unassign 1': [memberId, undefined] });
});

test('a revocation waits for the answer to a commit, but no longer than a second', () => {
  for (const ends of ['answered', 'timed out'] as const) {
    const { turn, client, time, rebalance, logged, answer } = turnMember();
    rebalance('assign', [0]);
    client.batches.push([record(0, 0)], []);
    turn.run();
    expect(turn.mayRelease).toBe(false);
    logged();
    rebalance('revoke', [0]);
    expect(logged()).toEqual([]);
    if (ends === 'answered') answer();
    else time.ms = 1_000;
    turn.rebalance();
    expect(logged().at(-1)).toBe('{"type":"revoked","partitions":[0],"lost":false}');
  }
});

test('lost partitions are released at once and not committed', () => {
  const { turn, client, owners, rebalance, logged } = turnMember();
  rebalance('assign', [0]);
  client.batches.push([record(0, 0)], []);
  turn.run();
  logged();
  rebalance('revoke', [0], true);
  expect(logged()).toEqual(['unassign 0', '{"type":"revoked","partitions":[0],"lost":true}']);
  expect(owners()).toEqual([undefined, undefined]);
});

test('a member whose lease was revoked reports the refused write, waits, and claims the table again', () => {
  const { turn, client, revokeLease, rebalance, logged, nextOffsets } = turnMember();
  rebalance('assign', [0]);
  expect(revokeLease(0)).toEqual(['fenced']);
  client.batches.push([record(0, 0)], []);
  logged();
  turn.run();
  expect(logged()).toEqual([
    ...['resume 0', 'seek 0:0', 'consume', 'consume', 'pause 0'],
    '{"type":"writeRefused","partition":0}',
  ]);
  expect(nextOffsets()[0]).toBe(0);
  turn.run();
  expect(logged().slice(0, 3)).toEqual([
    ...['resume 0', 'seek 0:0'],
    '{"type":"assigned","partitions":[0],"waiting":[]}',
  ]);
});

test('an offset out of range is reported after the batch in hand, and resumeAt moves the table', () => {
  const { turn, client, rebalance, logged, nextOffsets } = turnMember();
  rebalance('assign', [0]);
  client.batches.push([record(0, 0)], []);
  turn.onOutOfRange(p0);
  turn.run();
  expect(logged()).toContain('{"type":"outOfRange","partition":0,"nextOffset":1}');
  turn.resumeAt(p0, 7);
  expect(logged()).toEqual(['seek 0:7']);
  expect(nextOffsets()[0]).toBe(7);
  turn.resumeAt(1 as Partition, 5);
  expect(logged()).toEqual([]);
  expect(nextOffsets()[1]).toBe(0);
});

test('an injected error is thrown with the batch in hand, which is not applied', () => {
  const { turn, client, rebalance, nextOffsets, logged } = turnMember();
  rebalance('assign', [0]);
  client.batches.push([record(0, 0)]);
  turn.injectFailure({ type: 'throw' });
  logged();
  expect(() => {
    turn.run();
  }).toThrow('injected failure');
  expect(logged().at(-1)).toBe('consume');
  expect(nextOffsets()[0]).toBe(0);
});

test('a partition that was added to the topic waits for its table', () => {
  const { turn, rebalance, logged } = turnMember({ partitions: 1 });
  rebalance('assign', [0, 1]);
  expect(logged().at(-1)).toBe('{"type":"assigned","partitions":[0],"waiting":[1]}');
  turn.addTables(1 as Partition, { tables: emptyTables(1), durableCells: [] });
  expect(logged()).toEqual(['{"type":"assigned","partitions":[0,1],"waiting":[]}']);
});

test('under the consumer protocol a standby is reported by its epoch, and an id again after a rebalance', () => {
  const { turn, client, time, rebalance, logged } = turnMember({ groupProtocol: 'consumer' });
  time.ms = 50;
  turn.run();
  expect(logged()).toEqual(['consume']);
  Object.assign(client, { epoch: 3, groupMemberId: 'member-a' });
  time.ms = 100;
  turn.run();
  expect(logged()).toEqual([
    '{"type":"groupMemberId","groupMemberId":"member-a"}',
    '{"type":"assigned","partitions":[],"waiting":[]}',
    'consume',
  ]);
  time.ms = 200;
  turn.run();
  expect(logged()).toEqual(['consume']);
  rebalance('assign', []);
  client.groupMemberId = 'member-b';
  time.ms = 300;
  turn.run();
  expect(logged()).toContain('{"type":"groupMemberId","groupMemberId":"member-b"}');
});
