import { expect, test } from 'vitest';
import type { ClusterError } from '../../src/errors.ts';
import { TransactionError } from '../../src/kafka/native/transaction-error.ts';
import { commitsOf } from './committing-member.ts';

test('counting does not wait for a producer id; the first commit does', () => {
  const { commits, unanswered, time, count, turn } = commitsOf();
  unanswered.add('initialise');
  count('to be');
  time.ms = 5_000;
  expect(turn()).toEqual(['initialise']);
  expect(commits.mayCount(false)).toBe(true);
  unanswered.clear();
  expect(turn()).toEqual(['initialise', 'begin']);
});

test('a member acquires no producer id before it has joined the group', () => {
  const { group, turn } = commitsOf();
  group.generation = -1;
  expect(turn()).toEqual([]);
  group.generation = 4;
  expect(turn()).toEqual(['initialise']);
});

test('a commit begins when its interval is over, and only with changes', () => {
  const { time, count, turn } = commitsOf();
  expect(turn()).toEqual(['initialise']);
  time.ms = 1_000;
  expect(turn()).toEqual([]);
  count('to be');
  time.ms = 1_999;
  expect(turn()).toEqual([]);
  time.ms = 2_000;
  expect(turn()).toEqual(['begin']);
});

test('a commit begins at once when partitions wait to be released', () => {
  const { count, turn } = commitsOf();
  count('to be');
  expect(turn(true)).toEqual(['initialise', 'begin']);
});

test('offsets are sent once everything is delivered, then the transaction is committed', () => {
  const { cells, unanswered, count, turn, deliver } = commitsOf({ partition: 3 });
  count('to be');
  expect(turn(true)).toEqual(['initialise', 'begin']);
  expect(turn()).toEqual([]);
  expect([cells.flightWriter, cells.flightCommit, cells.flightNextOffset]).toEqual([7, 1, 1]);
  // Counted while the commit is under way: part of the next one.
  count('or not');
  deliver();
  unanswered.add('sendOffsets').add('commit');
  expect(turn()).toEqual(['[[3,1]]', 'sendOffsets']);
  unanswered.delete('sendOffsets');
  expect(turn()).toEqual(['[[3,1]]', 'sendOffsets', 'commit']);
  expect([cells.committedNextOffset, cells.flightWriter]).toEqual([0, 7]);
  unanswered.delete('commit');
  expect(turn()).toEqual(['commit']);
  expect([cells.committedNextOffset, cells.changelogOffset, cells.flightWriter]).toEqual([1, 42, 0]);
  expect(cells.changed).toBe(2);
});

test('a partition may be released once all of it is committed', () => {
  const { commits, unanswered, count, turn, deliver } = commitsOf();
  expect(commits.mayRelease([0])).toBe(true);
  count('to be');
  expect(commits.mayRelease([0])).toBe(false);
  expect(commits.mayRelease([1])).toBe(true);
  turn(true);
  deliver();
  unanswered.add('commit');
  turn(true);
  expect(commits.mayRelease([0])).toBe(false);
  expect(() => {
    commits.commit([{ partition: 0, nextOffset: 1 }]);
  }).toThrow('made no progress for 10 s');
  unanswered.clear();
  turn(true);
  expect(commits.mayRelease([0])).toBe(true);
  commits.commit([{ partition: 0, nextOffset: 1 }]);
});

test('a refused commit is aborted and repeated with everything after 100 ms, even in a hurry', () => {
  const { cells, failures, unanswered, time, count, turn, deliver } = commitsOf();
  count('to be');
  turn(true);
  deliver();
  failures.set('sendOffsets', new TransactionError('abort', 'memberFailed', 'the group has moved on'));
  unanswered.add('abort');
  expect(turn(true)).toEqual(['[[0,1]]', 'sendOffsets', 'abort']);
  unanswered.clear();
  expect(turn(true)).toEqual(['abort']);
  count('or not');
  time.ms = 99;
  expect(turn(true)).toEqual([]);
  time.ms = 100;
  expect(turn(true)).toEqual(['begin']);
  expect(cells.inFlight).toBe(4);
  deliver();
  expect(turn(true)).toEqual(['[[0,2]]', 'sendOffsets', 'commit']);
  expect([cells.committedNextOffset, cells.changed]).toEqual([2, 0]);
});

test.each(['initialise', 'begin', 'sendOffsets', 'commit'] as const)(
  'an unknown outcome of %s ends the member',
  (call) => {
    const { commits, cells, failures, count, turn, deliver } = commitsOf();
    count('to be');
    failures.set(call, new TransactionError('fatal', 'memberFailed', 'timed out'));
    expect(() => {
      turn(true);
      deliver();
      commits.run(() => [], true);
    }).toThrow('timed out');
    expect([cells.committedNextOffset, cells.changed]).toEqual([0, 2]);
  },
);

test('an abort that fails ends the member with the reason for the abort', () => {
  const { failures, count, turn, deliver } = commitsOf();
  count('to be');
  turn(true);
  deliver();
  failures.set('sendOffsets', new TransactionError('abort', 'memberFailed', 'the group has moved on'));
  failures.set('abort', new TransactionError('abort', 'memberFailed', 'not now'));
  expect(() => turn(true)).toThrow('the group has moved on');
});

test('a member that loses a partition during its commit fails; between commits it continues', () => {
  const { commits, count, turn } = commitsOf();
  count('to be');
  commits.forget([0]);
  turn(true);
  commits.forget([1]);
  const expected: Partial<ClusterError> = { code: 'commitInterrupted' };
  expect(() => {
    commits.forget([0]);
  }).toThrow(expect.objectContaining(expected));
});

test.each(['sendOffsets', 'commit', 'abort'] as const)('a member ends when its %s has no answer for 30 s', (call) => {
  const { unanswered, failures, time, count, turn, deliver } = commitsOf();
  count('to be');
  turn(true);
  deliver();
  unanswered.add(call);
  if (call === 'abort')
    failures.set('sendOffsets', new TransactionError('abort', 'memberFailed', 'the group has moved on'));
  time.ms = 10_000;
  turn();
  time.ms = 39_999;
  expect(turn()).toContain(call);
  time.ms = 40_000;
  expect(() => turn()).toThrow('has not answered for 30 s');
});
