import { expect, test } from 'vitest';
import type { RebalanceEvent } from '../../src/kafka/native/consumer.ts';
import { Rebalances } from '../../src/member/rebalances.ts';

const event = (type: RebalanceEvent['type'], lost = false): RebalanceEvent => ({ type, lost, partitions: [0] });

/** Rebalances of a member whose commit is in flight. */
function waiting(releaseMsMax = 60_000) {
  const time = { ms: 0 };
  const commit = { releaseMsMax, advancedMs: -Infinity, isInFlight: true, mayRelease: () => !commit.isInFlight };
  return { rebalances: new Rebalances(commit, () => time.ms), commit, time };
}

test('a revocation and the rebalances after it wait for the answer to a commit', () => {
  const { rebalances, commit } = waiting();
  const [first, revoke, assign] = [event('assign'), event('revoke'), event('assign')];
  for (const each of [first, revoke, assign]) rebalances.add(each);
  expect([...rebalances.due()]).toEqual([first]);
  expect([...rebalances.due()]).toEqual([]);
  commit.isInFlight = false;
  expect([...rebalances.due()]).toEqual([revoke, assign]);
  expect([...rebalances.due()]).toEqual([]);
});

test('lost partitions are released at once, because they cannot be committed', () => {
  const { rebalances } = waiting();
  const lost = event('revoke', true);
  rebalances.add(lost);
  expect([...rebalances.due()]).toEqual([lost]);
});

test('a revocation waits no longer than its limit after the last progress of the commit', () => {
  const { rebalances, commit, time } = waiting(1_000);
  const revoke = event('revoke');
  rebalances.add(revoke);
  time.ms = 999;
  expect([...rebalances.due()]).toEqual([]);
  commit.advancedMs = 700;
  time.ms = 1_699;
  expect([...rebalances.due()]).toEqual([]);
  time.ms = 1_700;
  expect([...rebalances.due()]).toEqual([revoke]);
});

test('a revocation does not wait once the member has lost its partitions', () => {
  const { rebalances } = waiting();
  const lost = event('revoke', true);
  rebalances.add(event('revoke'));
  expect([...rebalances.due()]).toEqual([]);
  rebalances.add(lost);
  expect([...rebalances.due()]).toEqual([lost, lost]);
});
