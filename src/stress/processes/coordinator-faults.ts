import { ClusterError } from '../../errors.ts';
import { Admin } from '../../kafka/kafkajs/admin.ts';
import { coordinatingPartition, offsetsPartitionOf } from '../../kafka/kafkajs/operator.ts';
import { transactionalIdOf } from '../../kafka/transactional-id.ts';
import type { BrokerWorld } from '../faults/fault-world.ts';
import { defineFault, type Aim } from '../faults/fault.ts';

const adminMs = 5_000;
const transactionTopic = '__transaction_state';

export const coordinatorKill = defineFault({
  kind: 'coordinator-kill',
  does: 'kills the broker that coordinates the group (SIGKILL), then restarts it',
  scope: 'broker',
  lane: 'broker',
  durationMs: [500, 3_000],
  needs: 'managed',
  endsProcesses: true,
  aim: (world: BrokerWorld) =>
    killedLeader(world, 'the coordinator of the group', () => Promise.resolve(offsetsPartitionOf(world.group.groupId))),
});

export const transactionCoordinatorKill = defineFault({
  kind: 'transaction-coordinator-kill',
  does: "kills the broker that coordinates a member's transactions (SIGKILL), then restarts it",
  scope: 'broker',
  lane: 'broker',
  durationMs: [500, 3_000],
  needs: 'managed',
  endsProcesses: true,
  aim: (world: BrokerWorld, { random }) =>
    killedLeader(world, 'the coordinator of the transactions of a member', async (admin) => {
      const { groupId } = world.group;
      const members = (await admin.describeGroup(groupId))?.members ?? [];
      const member = members[Math.floor(random() * members.length)];
      const partitions = (await admin.topic(transactionTopic))?.partitions.length;
      if (member === undefined || partitions === undefined) {
        throw new ClusterError('environment', 'no member has a transaction');
      }
      const id = transactionalIdOf(groupId, member.clientId);
      return { topic: transactionTopic, partition: coordinatingPartition(id, partitions) };
    }),
});

function killedLeader(
  { managed, connection }: BrokerWorld,
  text: string,
  find: (admin: Admin) => Promise<{ readonly topic: string; readonly partition: number }>,
): Aim | undefined {
  if (managed === undefined) return undefined;
  return {
    text,
    begin: async () => {
      const nodeId = await leaderOf(connection, find);
      await managed.kill(nodeId);
      return async () => {
        await managed.restart(nodeId);
      };
    },
  };
}

async function leaderOf(
  connection: BrokerWorld['connection'],
  find: (admin: Admin) => Promise<{ readonly topic: string; readonly partition: number }>,
): Promise<number> {
  const admin = await Admin.connect(connection, { timeoutMs: adminMs });
  try {
    const { topic, partition } = await find(admin);
    const leader = (await admin.topic(topic))?.partitions[partition]?.leader;
    if (leader === undefined || leader < 0) throw new ClusterError('environment', `${topic} has no leader`);
    return leader;
  } finally {
    await admin.close();
  }
}
