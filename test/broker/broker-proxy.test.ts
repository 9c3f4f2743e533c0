import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { BrokerProxy } from '../../src/faults/broker-proxy.ts';
import { proxyListeners } from '../../src/faults/proxy-listener.ts';
import { fillTopic } from '../support/filled-topic.ts';
import { withBrokers } from '../support/brokers.ts';
import { testCluster } from '../support/test-cluster.ts';
import { eventually } from '../support/eventually.ts';

test('members reach both brokers through the proxy only, and one of them can be cut off and healed', async () => {
  await withBrokers(
    async (brokers) => {
      const { proxied, connection } = proxyListeners(brokers);
      const proxy = await BrokerProxy.start(proxied);
      onTestFinished(() => proxy.stop());
      const topic = await fillTopic(brokers.connection, { records: 40_000 });
      const groupId = `g-${randomUUID().slice(0, 8)}`;
      const { supervisor } = testCluster({ ...topic, connection }, { groupId });
      supervisor.addMember();
      supervisor.addMember();
      await supervisor.waitSettled({ deadlineMs: 20_000 });
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
      await supervisor.waitReached({ deadlineMs: 30_000 });
      expect(supervisor.snapshot().records).toBe(topic.reference.records);
      expect(supervisor.counts()).toEqual(new Map(topic.reference.counts));
    },
    { proxyListeners: true },
  );
}, 90_000);
