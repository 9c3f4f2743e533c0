/** A batch as test/fixtures/kafka/read-batches.cc reads it. */
export interface RawBatch {
  readonly bytes: Uint8Array;
  readonly recordCount: number;
  readonly lastOffsetDelta: bigint;
  /** Records with a lower offset delta are not asked for. */
  readonly fromOffsetDelta: bigint;
}

class Malformed extends Error {}

/** Reads numbers by the definition: digits to the base 128, then zigzag. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.end = end;
  }

  number(): bigint {
    let bits = 0n;
    for (let digit = 0; digit < 10; digit += 1) {
      const byte = this.at < this.end ? this.#bytes[this.at] : undefined;
      if (byte === undefined) throw new Malformed();
      this.at += 1;
      bits += BigInt(byte & 0x7f) << BigInt(7 * digit);
      if (byte < 0x80) {
        const whole = BigInt.asUintN(64, bits);
        return whole % 2n === 0n ? whole / 2n : -(whole + 1n) / 2n;
      }
    }
    throw new Malformed();
  }

  /** Start, 0 for null, and length of a string of bytes. */
  slice(): [start: bigint, length: bigint] {
    const length = this.number();
    if (length < -1n || length > BigInt(this.end - this.at)) throw new Malformed();
    const start = this.at;
    this.at += Math.max(0, Number(length));
    return [length < 0n ? 0n : BigInt(start), length];
  }
}

/** What read-batches.cc must print for the batch. */
export function batchOracle({ bytes, recordCount, lastOffsetDelta, fromOffsetDelta }: RawBatch): bigint[] {
  const numbers: bigint[] = [];
  let at = 0;
  let records = 0;
  try {
    for (; at < bytes.length; records += 1) {
      const frame = new Cursor(bytes, at, bytes.length);
      const length = frame.number();
      if (length < 1n || length > BigInt(bytes.length - frame.at)) throw new Malformed();
      const end = frame.at + Number(length);
      const record = new Cursor(bytes, frame.at + 1, end);
      const timestamp = record.number();
      const offset = record.number();
      const key = record.slice();
      const value = record.slice();
      if (offset < 0n || offset > lastOffsetDelta || records === recordCount) throw new Malformed();
      if (offset >= fromOffsetDelta) numbers.push(offset, timestamp, key[0], key[1], value[0], value[1]);
      at = end;
    }
    if (records !== recordCount) throw new Malformed();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return [...numbers, -2n];
  }
  return [...numbers, -1n];
}
