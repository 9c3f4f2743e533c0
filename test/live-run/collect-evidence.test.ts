import { expect, test } from 'vitest';
import { restOf } from '../../src/live-run/collect-evidence.ts';
import { liveness } from '../../src/verify/checks/liveness.ts';
import { testCluster } from '../support/test-cluster.ts';

const connection = { bootstrapServers: '127.0.0.1:1', source: 'external', properties: {} } as const;

/** Violations that check `liveness` finds in a group without members. */
function violationsOf(beginOffsets: readonly number[], endOffsets: readonly number[]): string[] {
  const { supervisor } = testCluster({ connection, topic: 'words', beginOffsets });
  const found: string[] = [];
  const context = { group: 'words', beginOffsets, bounds: { leaveMs: 1, deathMs: 1, stuckMs: 1 } };
  const fold = liveness.start({ ...context, silenceMs: 1, commitAnswerMs: 1 }, ({ message }) => found.push(message));
  fold.finish({ rest: restOf(supervisor, endOffsets) });
  return found;
}

test('a partition with records that has no table is not counted and has no owner', () => {
  expect(violationsOf([3, 4], [3, 4, 5])).toEqual([
    'partition 0: it has no owner',
    'partition 1: it has no owner',
    'partition 2: counted up to offset 0, the end offset is 5',
    'partition 2: it has no owner',
  ]);
});

test('a partition that was added and is empty may have no table yet', () => {
  expect(violationsOf([3], [3, 0])).toEqual(['partition 0: it has no owner']);
});

test('a partition whose end offset is unknown is judged by its owner alone', () => {
  expect(violationsOf([3, 4], [3])).toEqual(['partition 0: it has no owner', 'partition 1: it has no owner']);
});
