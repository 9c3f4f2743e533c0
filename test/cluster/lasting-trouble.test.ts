import { expect, test } from 'vitest';
import { LastingTrouble } from '../../src/cluster/lasting-trouble.ts';
import { toClusterError, ClusterError } from '../../src/errors.ts';
import { noLeaderError } from '../../src/kafka/no-leader.ts';

function trouble(): { checked: LastingTrouble; reported: string[]; ended: string[] } {
  const reported: string[] = [];
  const ended: string[] = [];
  const checked = new LastingTrouble({
    onTrouble: (error) => reported.push(error.message),
    onLasting: (error) => ended.push(error.message),
  });
  return { checked, reported, ended };
}

const fault = toClusterError(new TypeError('x is undefined'));

test('an error of a check is reported once, and ends the work when it lasts', () => {
  const { checked, reported, ended } = trouble();
  for (let atMs = 0; atMs <= 20_000; atMs += 2_000) checked.failed(fault, atMs);
  expect(reported).toEqual(['x is undefined']);
  expect(ended).toEqual(['x is undefined']);
});

test('one that passes ends nothing, and is reported again when it comes back', () => {
  const { checked, reported, ended } = trouble();
  for (let atMs = 0; atMs <= 40_000; atMs += 2_000) {
    if (atMs % 8_000 === 0) checked.worked();
    else checked.failed(fault, atMs);
  }
  expect(reported).toHaveLength(5);
  expect(ended).toEqual([]);
});

test.each([
  new ClusterError('brokerUnavailable', 'no broker responded'),
  noLeaderError('books-changelog', [{ partition: 0, replicas: [1, 2] }]),
])('unreachable brokers are waited for: %s', (away) => {
  const { checked, reported, ended } = trouble();
  for (let atMs = 0; atMs <= 3_600_000; atMs += 2_000) checked.failed(away, atMs);
  expect(reported).toEqual([away.message]);
  expect(ended).toEqual([]);
});
