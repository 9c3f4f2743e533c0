import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import { GroupObserver } from '../kafka/kafkajs/group-observer.ts';

/**
 * Makes the group.instance.ids of a durable group's process free for its members. Under KIP-848 the
 * brokers would refuse them until the session of a killed predecessor has ended. Classic groups
 * replace the predecessor when its successor joins.
 * @param timeoutMs - longest time until the brokers respond
 * @throws ClusterError brokerUnavailable
 */
export async function releaseInstanceIds(connection: Connection, group: GroupConfig, timeoutMs: number): Promise<void> {
  const { durable, staticMembership, groupInstanceId: prefix } = group;
  if (durable === undefined || !staticMembership || prefix === undefined) return;
  const observer = new GroupObserver(connection, group, timeoutMs);
  try {
    await observer.releaseInstanceIds(
      (instanceId) => instanceId.startsWith(`${prefix}-`) && /^\d+$/.test(instanceId.slice(prefix.length + 1)),
    );
  } finally {
    await observer.close();
  }
}
