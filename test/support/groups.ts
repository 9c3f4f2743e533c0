import { Kafka, logLevel } from 'kafkajs';
import type { Connection } from '../../src/config/connection.ts';

/** Ids of all groups of a plain-text cluster, as another tool sees them. */
export async function groupIdsOf({ bootstrapServers }: Connection): Promise<string[]> {
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { groups } = await admin.listGroups();
    return groups.map(({ groupId }) => groupId).sort();
  } finally {
    await admin.disconnect();
  }
}
