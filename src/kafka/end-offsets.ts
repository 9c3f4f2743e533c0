import type { Connection } from '../config/connection.ts';
import { Admin } from './admin.ts';

/** @returns where each partition of the topic ends, exclusive; index is the partition */
export async function endOffsetsOf(
  connection: Connection,
  topic: string,
  timeoutMs: number,
): Promise<readonly number[]> {
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    return (await admin.offsets(topic)).map(({ endOffset }) => endOffset);
  } finally {
    await admin.close();
  }
}
