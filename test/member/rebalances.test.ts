import { expect, test } from 'vitest';
import type { RebalanceEvent } from '../../src/kafka/native/consumer.ts';
import { Rebalances } from '../../src/member/rebalances.ts';

const event = (type: RebalanceEvent['type'], lost = false): RebalanceEvent => ({ type, lost, partitions: [0] });

test('a revocation waits for the answer to a commit, and what comes behind it waits, too', () => {
  const rebalances = new Rebalances(60_000);
  const [first, revoke, assign] = [event('assign'), event('revoke'), event('assign')];
  for (const each of [first, revoke, assign]) rebalances.hear(each);
  expect([...rebalances.due(() => true)]).toEqual([first]);
  expect([...rebalances.due(() => true)]).toEqual([]);
  expect([...rebalances.due(() => false)]).toEqual([revoke, assign]);
  expect([...rebalances.due(() => false)]).toEqual([]);
});

test('partitions that are lost are given up at once: nothing of them can be committed', () => {
  const rebalances = new Rebalances(60_000);
  const lost = event('revoke', true);
  rebalances.hear(lost);
  expect([...rebalances.due(() => true)]).toEqual([lost]);
});

test('no answer holds a revocation up for longer than allowed', () => {
  const rebalances = new Rebalances(0);
  const revoke = event('revoke');
  rebalances.hear(revoke);
  expect([...rebalances.due(() => true)]).toEqual([revoke]);
});
