import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { Admin } from './admin.ts';

/**
 * The topic that a group counts, from its committed offsets.
 * @throws ClusterError usage when the group has no committed offsets, or those of several topics
 */
export async function countedTopicOf(connection: Connection, groupId: string, timeoutMs: number): Promise<string> {
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    const topics = await admin.committedTopics(groupId);
    const [topic] = topics;
    if (topic !== undefined && topics.length === 1) return topic;
    const found =
      topics.length === 0 ? 'no committed offsets' : `committed offsets of several topics: ${topics.join(', ')}`;
    throw new ClusterError('usage', `group '${groupId}' has ${found}`, {
      hint: 'check --group, or pass --topic with the topic that it counts',
    });
  } finally {
    await admin.close();
  }
}
