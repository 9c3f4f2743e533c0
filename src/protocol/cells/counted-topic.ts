/**
 * The topic that all members of a group count: one cell with a digest of the topic's id. It is 0 until
 * the first batch or the reader of the offsets sets it. A recreated topic has the same name and
 * another id.
 * @param topicId - 32 hexadecimal digits; undefined when it is not known yet
 */
export function createCountedTopic(topicId: string | undefined): SharedArrayBuffer {
  const cell = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  if (topicId !== undefined) agreeOnTopic(cell, topicId);
  return cell;
}

/**
 * Sets the cell if it is still 0.
 * @param topicId - 32 hexadecimal digits: id of the topic that a batch came from
 * @returns whether the group counts this topic
 */
export function agreeOnTopic(cell: SharedArrayBuffer, topicId: string): boolean {
  const digest = BigInt.asIntN(64, BigInt(`0x${topicId.slice(0, 16)}`) ^ BigInt(`0x${topicId.slice(16)}`));
  const before = Atomics.compareExchange(new BigInt64Array(cell), 0, 0n, digest);
  return before === 0n || before === digest;
}
