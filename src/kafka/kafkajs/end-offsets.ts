import type { Connection } from '../../config/connection.ts';
import { Admin } from './admin.ts';
import type { PartitionOffsets } from '../cluster-facts.ts';

/** @returns where each partition of the topic ends, exclusive; index is the partition */
export async function endOffsetsOf(
  connection: Connection,
  topic: string,
  timeoutMs: number,
): Promise<readonly number[]> {
  return (await offsetsOf(connection, topic, timeoutMs)).map(({ endOffset }) => endOffset);
}

/** @returns where each partition of the topic begins and ends; index is the partition */
export async function offsetsOf(
  connection: Connection,
  topic: string,
  timeoutMs: number,
): Promise<readonly PartitionOffsets[]> {
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    return await admin.offsets(topic);
  } finally {
    await admin.close();
  }
}
