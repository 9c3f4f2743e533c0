const mask = (1n << 64n) - 1n;

/**
 * The contribution of one record to the digest of a partition, written as directly as possible from
 * the definition in docs/verification.md. The members' digests are compared with it. Digests are
 * sums modulo 2^64.
 * @param lengthBytes - length of the value; -1 for null
 * @returns 0 to 2^64 - 1
 */
export function recordDigest(partition: number, offset: number, lengthBytes: number): bigint {
  const what = (BigInt(partition) << 32n) | BigInt(lengthBytes + 2);
  let mixed = (BigInt(offset) * 0x9e3779b97f4a7c15n + what * 0xc2b2ae3d27d4eb4fn) & mask;
  mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & mask;
  return mixed ^ (mixed >> 31n);
}
