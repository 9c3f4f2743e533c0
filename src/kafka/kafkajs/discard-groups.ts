import type { Connection } from '../../config/connection.ts';
import { toErrorReport, ClusterError } from '../../errors.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { Admin } from './admin.ts';
import { nounFor } from '../../numbers.ts';

/**
 * Covers the initial delay of a group that was joining. Unreachable brokers delay the end by no
 * more than this.
 */
const timeoutMsMax = 10_000;
const retryMs = 200;

/**
 * Deletes groups that this process has made, whatever is left in them, on brokers that outlive it.
 * @returns a line that says which are left, and why; undefined when all are gone
 */
export async function discardGroups(
  connection: Connection,
  groupIds: readonly string[],
  timeoutMs: number,
): Promise<string | undefined> {
  if (groupIds.length === 0 || connection.source === 'mock') return undefined;
  const left = new Set(groupIds);
  const deadlineMs = nowMs() + Math.min(timeoutMs, timeoutMsMax);
  try {
    const admin = await Admin.connect(connection, { timeoutMs: Math.min(timeoutMs, timeoutMsMax) });
    try {
      for (const groupId of groupIds) {
        await discardGroup(admin, groupId, deadlineMs);
        left.delete(groupId);
      }
    } finally {
      await admin.close();
    }
  } catch (error) {
    return `could not delete ${nounFor(left.size, 'group')} ${[...left].join(', ')}: ${toErrorReport(error).message}`;
  }
  return undefined;
}

/**
 * Removes all members, and deletes the group. One that has just begun to join is not empty before
 * group.initial.rebalance.delay.ms is over.
 */
async function discardGroup(admin: Admin, groupId: string, deadlineMs: number): Promise<void> {
  for (;;) {
    const description = await admin.describeGroup(groupId);
    if (description === undefined) return;
    for (const member of description.members) await admin.removeMember(groupId, description, member);
    try {
      await admin.deleteGroup(groupId);
      return;
    } catch (error) {
      const hasMembers = error instanceof ClusterError && error.code === 'input';
      if (!hasMembers || nowMs() >= deadlineMs) throw error;
    }
    await sleep(retryMs);
  }
}
