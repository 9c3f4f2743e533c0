import type { AssignedTopic } from './group-description.ts';

/**
 * What the assignor of a classic group has sent to a member: a version, and the partitions of each
 * topic. User data may follow.
 * @param bytes - empty while the member has none
 * @throws RangeError when the bytes end too early
 */
export function readClassicAssignment(bytes: Buffer): AssignedTopic[] {
  if (bytes.length === 0) return [];
  let at = 2;
  const int32 = (): number => {
    at += 4;
    return bytes.readInt32BE(at - 4);
  };
  const topics = int32();
  return Array.from({ length: topics }, () => {
    const length = bytes.readInt16BE(at);
    const topic = bytes.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
    const partitions = int32();
    return { topic, partitions: Array.from({ length: partitions }, int32) };
  });
}
