import { beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import type { GroupConfig } from '../../src/config/group.ts';
import { fillTopic } from '../kafka/native/test-group.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { emptyTopic } from '../support/empty-topic.ts';
import { handovers } from '../support/protocols.ts';
import { testCluster } from '../support/test-cluster.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await sharedBrokers();
});

const groups = 6;
const partitions = 8;
const records = Array.from({ length: partitions }, () => [new TextEncoder().encode('word')]);
const settle = { timeoutMs: 60_000 };

/** @returns the number of offsets out of range */
async function countFromEmpty(protocol: Partial<GroupConfig>): Promise<number> {
  const topic = await emptyTopic(connection, partitions);
  const { supervisor, events } = testCluster({ connection, topic, beginOffsets: records.map(() => 0) }, protocol);
  supervisor.addMember();
  supervisor.addMember();
  await supervisor.waitSettled(settle);
  supervisor.openGate();
  await fillTopic(connection, topic, records);
  await supervisor.waitReached({ ...settle, endOffsets: records.map(() => 1) });
  await supervisor.stop('drain');
  expect(supervisor.counts()).toEqual(new Map([['word', partitions]]));
  return events.filter(({ type }) => type === 'outOfRange').length;
}

// Several groups at once, so that requests come between any two calls of a member.
test.each(handovers)(
  'under %s, members at the end of empty partitions only ask for their offsets',
  async (_, protocol) => {
    const outOfRange = await Promise.all(Array.from({ length: groups }, () => countFromEmpty(protocol)));
    expect(outOfRange).toEqual(outOfRange.map(() => 0));
  },
);
