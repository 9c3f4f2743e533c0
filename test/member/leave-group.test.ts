import { expect, test } from 'vitest';
import { leaveGroup } from '../../src/member/leave-group.ts';
import { turnMember } from './turn-member.ts';

/** A member that owns both partitions and has a commit in flight. */
function countingMember() {
  const member = turnMember();
  const { turn, client, owners, rebalance, logged } = member;
  rebalance('assign', [0, 1]);
  client.batches.push([{ partition: 0, offset: 0, value: 'to be' }], []);
  turn.run();
  logged();
  const closed = {
    close: (timeoutMs: number) => {
      client.log.push(
        `close ${timeoutMs} ${owners()
          .map((owner) => owner ?? 'free')
          .join()}`,
      );
      return Promise.resolve(true);
    },
  };
  return { ...member, closed };
}

test('a member commits once its last commit is answered, releases all tables, leaves, and reports it', async () => {
  const { turn, client, time, closed, logged, answer, nextOffsets } = countingMember();
  let polls = 0;
  client.onCall = (call) => {
    if (call !== 'consume') return;
    polls += 1;
    time.ms += 10;
    if (polls % 2 === 0) answer(polls === 2 ? new Error('refused') : undefined);
  };
  client.batches.push([{ partition: 0, offset: 1, value: 'left to the next owner' }]);
  await leaveGroup(turn, closed, { timeoutMs: 1_000, clock: () => time.ms });
  expect(logged()).toEqual([
    ...['consume', 'consume', 'commit 0:1,1:0', 'consume', 'consume', 'close 960 free,free'],
    '{"type":"left"}',
  ]);
  expect(nextOffsets()).toEqual([1, 0]);
});

test('a commit that is never answered holds up neither the hand-over nor the leave beyond the deadline', async () => {
  const { turn, client, time, closed, logged } = countingMember();
  client.onCall = (call) => {
    if (call === 'consume') time.ms += 100;
  };
  await leaveGroup(turn, closed, { timeoutMs: 1_500, clock: () => time.ms });
  const log = logged();
  expect(log.filter((line) => line === 'consume')).toHaveLength(15);
  expect(log.slice(-2)).toEqual(['close 0 free,free', '{"type":"left"}']);
});

test('a leave waits beyond its timeout for a commit that makes progress, and then has the timeout again', async () => {
  const time = { ms: 0 };
  const calls: string[] = [];
  const turn = {
    releaseMsMax: 1_000,
    advancedMs: 0,
    mayRelease: false,
    finishCommit: () => {
      time.ms += 100;
      if (time.ms % 500 === 0) turn.advancedMs = time.ms;
      turn.mayRelease = time.ms >= 20_000;
    },
    handOver: () => calls.push(`hand over ${time.ms}`),
    reportLeft: () => undefined,
  };
  const client = { close: (timeoutMs: number) => Promise.resolve(calls.push(`close ${timeoutMs}`) > 0) };
  await leaveGroup(turn, client, { timeoutMs: 2_000, clock: () => time.ms });
  expect(calls).toEqual(['hand over 20000', 'close 2000']);
});
