import { expect, test } from 'vitest';
import { groupDefaults } from '../../src/config/group.ts';
import { collectEvidence } from '../../src/live-run/collect-evidence.ts';
import { exactlyOnce } from '../../src/verify/checks/exactly-once.ts';
import { fillTopic } from '../kafka/native/test-group.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { emptyTopic } from '../support/empty-topic.ts';
import { testCluster } from '../support/test-cluster.ts';

test('acknowledged records that are missing in a partition without a table are reported', async () => {
  const connection = await sharedBrokers();
  const topic = await emptyTopic(connection, 3);
  await fillTopic(connection, topic, [[], [Buffer.from('kept')]]);
  const beginOffsets = [0];
  const { supervisor } = testCluster({ connection, topic, beginOffsets });
  const group = { ...groupDefaults, groupId: topic };
  const evidence = await collectEvidence({
    ...{ supervisor, connection, topic, group, beginOffsets, timeoutMs: 20_000 },
    acknowledged: [0, 1, 2],
  });
  const found: string[] = [];
  const context = { group: topic, beginOffsets, bounds: { leaveMs: 1, deathMs: 1, stuckMs: 1 } };
  const fold = exactlyOnce.start({ ...context, silenceMs: 1, commitAnswerMs: 1 }, ({ message }) => found.push(message));
  fold.finish(evidence);
  expect(found).toEqual([expect.stringMatching(/^partition 2: records found by the reader .*: 0, expected 2$/)]);
});
