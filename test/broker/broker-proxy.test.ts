import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fillTopic } from '../support/filled-topic.ts';
import { testCluster } from '../support/test-cluster.ts';
import { eventually } from '../support/eventually.ts';
import { withProxiedBrokers } from '../support/proxied-brokers.ts';

const heartbeatMs = 2_500;

test('members reach both brokers only through the proxy, which can cut off one member', async () => {
  await withProxiedBrokers(async ({ brokers, proxy, connection }) => {
    const topic = await fillTopic(brokers.connection, { records: 40_000 });
    const groupId = `g-${randomUUID().slice(0, 8)}`;
    const { supervisor } = testCluster({ ...topic, connection }, { groupId });
    supervisor.addMember();
    supervisor.addMember();
    await supervisor.waitSettled({ timeoutMs: 20_000 });
    expect(proxy.connectionsOf(`${groupId}-0-`)).toBeGreaterThanOrEqual(2);
    const heal = proxy.add({
      clientIdPrefix: `${groupId}-0-`,
      nodeIds: [1, 2],
      toBroker: { closed: true },
      toMember: { closed: true },
    });
    // Its heartbeats do not arrive: the other one gets everything.
    await eventually(
      'member 1 has all partitions',
      () => supervisor.snapshot().members[1]?.partitions.length === 4,
      20_000,
    );
    supervisor.openGate();
    heal();
    await supervisor.waitReached({ timeoutMs: 30_000 });
    expect(supervisor.snapshot().records).toBe(topic.reference.records);
    expect(supervisor.counts()).toEqual(new Map(topic.reference.counts));
  });
});

test('a member whose heartbeat response was lost still gives up the partitions that it must', async () => {
  await withProxiedBrokers(
    async ({ brokers, proxy, connection }) => {
      const topic = await fillTopic(brokers.connection, { records: 100 });
      // In one group in five, the response below is that to a heartbeat before the second member
      // joined.
      const groups = [0, 1, 2, 3].map((group) => {
        const groupId = `g-${group}-${randomUUID().slice(0, 8)}`;
        return { groupId, ...testCluster({ ...topic, connection }, { groupId, groupProtocol: 'consumer' }) };
      });
      for (const { supervisor } of groups) supervisor.addMember();
      for (const { supervisor } of groups) await supervisor.waitSettled({ timeoutMs: 20_000 });
      // The next heartbeats arrive, and their responses do not arrive in time. The coordinator
      // sends the smaller assignment once, unless a full request asks for it.
      const heals = groups.map(({ groupId }) =>
        proxy.add({ clientIdPrefix: `${groupId}-0-`, nodeIds: [1, 2], toMember: { delayMs: 3 * heartbeatMs } }),
      );
      for (const { supervisor } of groups) supervisor.addMember();
      await sleep(1.2 * heartbeatMs);
      for (const heal of heals) heal();
      const sizes = (): string[] =>
        groups.map(({ supervisor }) =>
          supervisor
            .snapshot()
            .members.map(({ partitions }) => partitions.length)
            .join(),
        );
      const shared = groups.map(() => '2,2');
      await eventually('each member has two partitions', () => sizes().join(' ') === shared.join(' '), 30_000);
    },
    {
      settings: {
        properties: {
          'group.consumer.heartbeat.interval.ms': String(heartbeatMs),
          'group.consumer.session.timeout.ms': String(5 * heartbeatMs),
        },
        jvmOptions: [],
      },
    },
  );
});
