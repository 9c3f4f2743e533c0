const mask = (1n << 64n) - 1n;

/**
 * What a record adds to the digest of a partition, by the definition in docs/verification.md, written down as directly as
 * it can be: members' digests are held against it. Sums of it are taken modulo 2^64.
 * @param lengthBytes - of the value; -1 for null
 * @returns 0 to 2^64 - 1
 */
export function recordDigest(partition: number, offset: number, lengthBytes: number): bigint {
  const what = (BigInt(partition) << 32n) | BigInt(lengthBytes + 2);
  let mixed = (BigInt(offset) * 0x9e3779b97f4a7c15n + what * 0xc2b2ae3d27d4eb4fn) & mask;
  mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & mask;
  return mixed ^ (mixed >> 31n);
}
