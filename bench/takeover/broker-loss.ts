import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedBrokers } from '../../src/brokers/managed-brokers.ts';
import type { Supervisor } from '../../src/cluster/supervisor.ts';
import { GroupObserver } from '../../src/kafka/kafkajs/group-observer.ts';
import { groupDefaults } from '../../src/config/group.ts';

const settle = { timeoutMs: 60_000 };
/**
 * Time for the broker session of 1.5 s to expire, new leaders, and the clients' next heartbeats and
 * fetches.
 */
const lossMs = 10_000;

/**
 * Kills the broker that does not coordinate the group, several times.
 * @returns the number of rebalances after each kill
 */
export async function rebalancesByBrokerLoss(
  supervisor: Supervisor,
  brokers: ManagedBrokers,
  rounds: number,
): Promise<number[]> {
  const { groupId } = supervisor.snapshot();
  const observer = new GroupObserver(brokers.connection, { ...groupDefaults, groupId }, 10_000);
  const seen: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      await supervisor.waitSettled(settle);
      const coordinator = await observer.coordinator();
      const other = brokers.nodes.find(({ role, nodeId }) => role === 'broker' && nodeId !== coordinator);
      if (other === undefined) throw new Error('there is one broker only');
      const before = rebalances(supervisor);
      await brokers.kill(other.nodeId);
      await sleep(lossMs);
      await brokers.restart(other.nodeId);
      seen.push(rebalances(supervisor) - before);
    }
  } finally {
    await observer.close();
  }
  return seen;
}

function rebalances(supervisor: Supervisor): number {
  return supervisor.snapshot().members.reduce((sum, { meter }) => sum + meter.rebalances, 0);
}
