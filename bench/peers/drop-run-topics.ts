import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import type { PeerTask } from './peer.ts';

const adminTimeoutMs = 30_000;

/** Deletes the topics that a run has created: their names begin with the run's id. */
export async function dropRunTopics({ connection, runId }: PeerTask): Promise<void> {
  const admin = await Admin.connect(connection, { timeoutMs: adminTimeoutMs });
  try {
    for (const topic of await admin.topics()) if (topic.startsWith(runId)) await admin.deleteTopic(topic);
  } finally {
    await admin.close();
  }
}
