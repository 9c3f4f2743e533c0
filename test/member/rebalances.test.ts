import { expect, test } from 'vitest';
import type { RebalanceEvent } from '../../src/kafka/native/consumer.ts';
import { Rebalances } from '../../src/member/rebalances.ts';

const event = (type: RebalanceEvent['type'], lost = false): RebalanceEvent => ({ type, lost, partitions: [0] });

test('a revocation and the rebalances after it wait for the answer to a commit', () => {
  const rebalances = new Rebalances(60_000, () => 0);
  const [first, revoke, assign] = [event('assign'), event('revoke'), event('assign')];
  for (const each of [first, revoke, assign]) rebalances.add(each);
  expect([...rebalances.due(() => false)]).toEqual([first]);
  expect([...rebalances.due(() => false)]).toEqual([]);
  expect([...rebalances.due(() => true)]).toEqual([revoke, assign]);
  expect([...rebalances.due(() => true)]).toEqual([]);
});

test('lost partitions are released at once, because they cannot be committed', () => {
  const rebalances = new Rebalances(60_000, () => 0);
  const lost = event('revoke', true);
  rebalances.add(lost);
  expect([...rebalances.due(() => false)]).toEqual([lost]);
});

test('a revocation waits no longer than its limit', () => {
  const rebalances = new Rebalances(0, () => 0);
  const revoke = event('revoke');
  rebalances.add(revoke);
  expect([...rebalances.due(() => false)]).toEqual([revoke]);
});

test('a revocation does not wait once the member has lost its partitions', () => {
  const rebalances = new Rebalances(60_000, () => 0);
  const lost = event('revoke', true);
  rebalances.add(event('revoke'));
  expect([...rebalances.due(() => false)]).toEqual([]);
  rebalances.add(lost);
  expect([...rebalances.due(() => false)]).toEqual([lost, lost]);
});
