import { expect, test } from 'vitest';
import { TransactionError } from '../../src/kafka/native/transaction-error.ts';
import { commitsOf } from './committing-member.ts';

test('records are counted while the client has no room for those of the commit', () => {
  const { commits, cells, queue, count, turn, deliver } = commitsOf();
  count('to be or not');
  queue.roomFor = 2;
  turn(true);
  expect(commits.mayCount(false)).toBe(true);
  // A partition that waits to be released is not counted further.
  expect(commits.mayCount(true)).toBe(false);
  count('not to');
  queue.roomFor = Infinity;
  turn();
  deliver();
  expect(turn()).toEqual(['[[0,1]]', 'sendOffsets', 'commit']);
  expect([cells.inFlight, cells.changed]).toEqual([0, 2]);
});

test('a commit begins at half the limit of changed words, and nothing is counted at the limit', () => {
  const { commits, count, turn, deliver } = commitsOf({ changedWordsMax: 4 });
  count('to');
  expect(turn()).toEqual(['initialise']);
  count('be');
  expect(turn()).toEqual(['begin']);
  count('or');
  expect(commits.mayCount(false)).toBe(true);
  count('not');
  expect(commits.mayCount(false)).toBe(false);
  deliver();
  expect(turn()).toEqual(['[[0,2]]', 'sendOffsets', 'commit', 'begin']);
  expect(commits.mayCount(false)).toBe(true);
});

test('delivered records and steps of a commit are progress, but not those of its repetition', () => {
  const { commits, unanswered, failures, queue, time, count, turn, deliver } = commitsOf();
  const advancedAt = (ms: number, hurry = true): number => {
    time.ms = ms;
    turn(hurry);
    return commits.advancedMs;
  };
  count('to be or not');
  queue.roomFor = 2;
  expect(advancedAt(10)).toBe(10);
  expect(advancedAt(20)).toBe(10);
  deliver();
  expect(advancedAt(30)).toBe(30);
  queue.roomFor = Infinity;
  expect(advancedAt(40)).toBe(40);
  deliver();
  failures.set('sendOffsets', new TransactionError('abort', 'memberFailed', 'the group has moved on'));
  unanswered.add('abort');
  expect(advancedAt(50)).toBe(50);
  unanswered.clear();
  expect([advancedAt(60), advancedAt(160)]).toEqual([50, 50]);
  deliver();
  expect(advancedAt(170)).toBe(170);
  expect(commits.mayRelease([0])).toBe(true);
});
