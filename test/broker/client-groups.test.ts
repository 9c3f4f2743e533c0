import { beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { fillTopic, member, type ReadRecord, type TestMember } from '../kafka/native/test-group.ts';
import { sharedBrokers } from '../support/brokers.ts';

const protocols = {
  range: { 'partition.assignment.strategy': 'range' },
  roundrobin: { 'partition.assignment.strategy': 'roundrobin' },
  'cooperative-sticky': { 'partition.assignment.strategy': 'cooperative-sticky' },
  consumer: { 'group.protocol': 'consumer' },
} as const;

const topic = `client-groups-${Date.now()}`;
const recordsOfPartition = 500;
let connection: Connection;

beforeAll(async () => {
  connection = await sharedBrokers();
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  await admin.createTopic({ topic, partitions: 4, replicationFactor: 2 });
  await admin.close();
  const values = (partition: number): Uint8Array[] =>
    Array.from({ length: recordsOfPartition }, (_, index) => new TextEncoder().encode(`${partition} ${index}`));
  await fillTopic(connection, topic, [0, 1, 2, 3].map(values));
});

/** The member's partitions, by the events it has received. */
function owned({ events }: TestMember): Set<number> {
  const partitions = new Set<number>();
  for (const event of events) {
    for (const partition of event.partitions) {
      if (event.type === 'assign') partitions.add(partition);
      else partitions.delete(partition);
    }
  }
  return partitions;
}

describe.each(Object.entries(protocols))('a group of the %s kind', (name, protocol) => {
  const start = (groupId: string): TestMember => {
    const it = member({ connection, topic, groupId: `${topic}-${groupId}`, properties: protocol });
    it.consumer.connect();
    it.consumer.subscribe();
    return it;
  };

  test('reads every record once, shares partitions evenly, and continues when a member leaves', async () => {
    const first = start(name);
    const records: ReadRecord[] = await first.read(({ length }) => length >= 4 * recordsOfPartition);
    expect(new Set(records.map(({ partition, offset }) => `${partition} ${offset}`)).size).toBe(4 * recordsOfPartition);
    for (const { partition, offset, value } of records) {
      expect(Buffer.from(value ?? []).toString()).toBe(`${partition} ${offset}`);
    }
    const second = start(name);
    const shared = (): boolean => owned(first).size === 2 && owned(second).size === 2;
    await Promise.all([first.read(shared), second.read(shared)]);
    expect(new Set([...owned(first), ...owned(second)]).size).toBe(4);
    expect(await first.consumer.close(10_000)).toBe(true);
    await second.read(() => owned(second).size === 4);
    expect(await second.consumer.close(10_000)).toBe(true);
    expect([...first.errors, ...second.errors]).toEqual([]);
  });
});
