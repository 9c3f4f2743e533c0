import type { Connection } from '../config/connection.ts';
import { toErrorReport } from '../errors.ts';
import { Admin } from './admin.ts';

/** Longest wait for brokers that may be gone: what a command says at its end must not be late. */
const timeoutMsMax = 5_000;

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
  try {
    const admin = await Admin.connect(connection, { timeoutMs: Math.min(timeoutMs, timeoutMsMax) });
    try {
      for (const groupId of groupIds) {
        await admin.discardGroup(groupId);
        left.delete(groupId);
      }
    } finally {
      await admin.close();
    }
  } catch (error) {
    return `could not delete ${left.size === 1 ? 'group' : 'groups'} ${[...left].join(', ')}: ${toErrorReport(error).message}`;
  }
  return undefined;
}
