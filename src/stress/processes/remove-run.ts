import type { Connection } from '../../config/connection.ts';
import { toErrorReport } from '../../errors.ts';
import { Admin } from '../../kafka/kafkajs/admin.ts';
import { discardGroups } from '../../kafka/kafkajs/discard-groups.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';

const lookMs = 100;

/**
 * Deletes the group and the topics of a run.
 * @returns a line for each that is left
 */
export async function removeRun(
  connection: Connection,
  { groupId, topics }: { readonly groupId: string; readonly topics: readonly string[] },
  timeoutMs: number,
): Promise<string[]> {
  const group = await discardGroups(connection, [groupId], timeoutMs);
  try {
    const admin = await Admin.connect(connection, { timeoutMs });
    try {
      for (const topic of topics) if ((await admin.topic(topic)) !== undefined) await admin.deleteTopic(topic);
      const left = await remaining(admin, topics, nowMs() + timeoutMs);
      return [...(group === undefined ? [] : [group]), ...left.map((topic) => `topic ${topic} was not deleted`)];
    } finally {
      await admin.close();
    }
  } catch (error) {
    return [`the topics ${topics.join(', ')} could not be deleted: ${toErrorReport(error).message}`];
  }
}

/** Brokers learn of a deletion a little later. */
async function remaining(admin: Admin, topics: readonly string[], deadlineMs: number): Promise<string[]> {
  for (;;) {
    const left: string[] = [];
    for (const topic of topics) if ((await admin.topic(topic)) !== undefined) left.push(topic);
    if (left.length === 0 || nowMs() >= deadlineMs) return left;
    await sleep(lookMs);
  }
}
