import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { readIndependently } from '../../src/kafka/kafkajs/independent-reader.ts';
import type { Connection } from '../../src/config/connection.ts';

const timeoutMs = 20_000;

export async function withAdmin<T>(connection: Connection, action: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    return await action(admin);
  } finally {
    await admin.close();
  }
}

/**
 * All values of a topic, by partition in the order of their offsets; those below `begin` are left
 * out.
 */
export async function readBack(
  connection: Connection,
  topic: string,
  begin = 0,
): Promise<{ readonly values: (Buffer | null)[][]; readonly offsets: number[][]; readonly endOffsets: number[] }> {
  const range = await withAdmin(connection, (admin) => admin.offsets(topic));
  const values = range.map((): (Buffer | null)[] => []);
  const offsets = range.map((): number[] => []);
  await readIndependently(connection, {
    topic,
    ranges: range.map(({ partition, endOffset }) => ({ partition, begin, end: endOffset })),
    timeoutMs,
    onRecord: (partition, offset, value) => {
      values[partition]?.push(value === null ? null : Buffer.from(value));
      offsets[partition]?.push(offset);
    },
  });
  return { values, offsets, endOffsets: range.map(({ endOffset }) => endOffset) };
}
