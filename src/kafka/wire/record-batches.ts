import { gunzipSync } from 'node:zlib';
import { decompress as decompressZstd } from 'fzstd';
import type { Compression } from '../../config/producer-properties.ts';
import { crc32c } from './crc32c.ts';
import { decompressLz4 } from './lz4.ts';
import { decompressSnappy } from './snappy.ts';

/**
 * Byte positions of the fields of a record batch in format 2, from its start (Kafka's protocol
 * guide).
 */
const field = {
  baseOffset: 0,
  batchLength: 8,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  producerId: 43,
  recordCount: 57,
  records: 61,
} as const;
/** The length field counts what comes after it. */
const lengthEnd = 12;

const codecMask = 0x07;
const transactionalFlag = 0x10;
const controlFlag = 0x20;

interface Codec {
  /** Its number in the attributes of a batch. */
  readonly id: number;
  readonly decompress: (bytes: Buffer) => Buffer;
}

/** Every codec with which this program produces can be read. */
const codecs: Readonly<Record<Compression, Codec>> = {
  none: { id: 0, decompress: (bytes) => bytes },
  gzip: { id: 1, decompress: (bytes) => gunzipSync(bytes) },
  snappy: { id: 2, decompress: decompressSnappy },
  lz4: { id: 3, decompress: decompressLz4 },
  zstd: { id: 4, decompress: (bytes) => Buffer.from(decompressZstd(bytes)) },
};
const codecsById = new Map(Object.values(codecs).map((codec) => [codec.id, codec]));

export interface RecordBatchInfo {
  readonly baseOffset: number;
  readonly lastOffset: number;
  /** Fewer than its offsets where compaction took some. */
  readonly recordCount: number;
  /**
   * Set for a transactional batch; together with the aborted transactions it decides whether the
   * batch counts.
   */
  readonly producerId: bigint | undefined;
  /** A marker of a transaction's end holds no records of a user. */
  readonly control: 'none' | 'commit' | 'abort';
  /** Decompresses and reads the records in order. `value` and `key` are views that must not be kept. */
  readonly records: (onRecord: (offset: number, value: Uint8Array | null, key: Uint8Array | null) => void) => void;
}

/**
 * The whole batches at the beginning of what a fetch returned; the last one may be cut off and is
 * left out.
 * @throws RangeError with the offset when a batch is damaged or of a format older than 2
 */
export function* recordBatches(bytes: Buffer): Generator<RecordBatchInfo> {
  for (let start = 0; start + field.records <= bytes.length;) {
    const end = start + lengthEnd + bytes.readInt32BE(start + field.batchLength);
    if (end > bytes.length) return;
    yield readBatch(bytes.subarray(start, end));
    start = end;
  }
}

function readBatch(batch: Buffer): RecordBatchInfo {
  const baseOffset = Number(batch.readBigInt64BE(field.baseOffset));
  const magic = batch.readInt8(field.magic);
  if (magic !== 2)
    throw new RangeError(`offset ${baseOffset}: unsupported record format ${magic}; only format 2 can be read`);
  if (crc32c(batch, field.attributes, batch.length) !== batch.readUInt32BE(field.crc)) {
    throw new RangeError(`offset ${baseOffset}: checksum mismatch in the batch`);
  }
  const attributes = batch.readInt16BE(field.attributes);
  const count = batch.readInt32BE(field.recordCount);
  const payload = (): Buffer => {
    const codec = codecsById.get(attributes & codecMask);
    if (codec === undefined) throw new RangeError(`offset ${baseOffset}: unknown compression codec`);
    return codec.decompress(batch.subarray(field.records));
  };
  return {
    baseOffset,
    lastOffset: baseOffset + batch.readInt32BE(field.lastOffsetDelta),
    recordCount: count,
    producerId: attributes & transactionalFlag ? batch.readBigInt64BE(field.producerId) : undefined,
    control: attributes & controlFlag ? controlKind(payload(), count) : 'none',
    records: (onRecord) => {
      new RecordReader(payload()).readAll(baseOffset, count, onRecord);
    },
  };
}

function controlKind(payload: Buffer, count: number): 'commit' | 'abort' {
  let kind: 'commit' | 'abort' = 'commit';
  new RecordReader(payload).readAll(0, count, (_offset, _value, key) => {
    // Version, then type: 0 is abort.
    if (key !== null && Buffer.from(key).readInt16BE(2) === 0) kind = 'abort';
  });
  return kind;
}

/** Reads records: variable-length integers, zigzag, lengths before bytes. */
class RecordReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  readAll(
    baseOffset: number,
    count: number,
    onRecord: (offset: number, value: Uint8Array | null, key: Uint8Array | null) => void,
  ): void {
    for (let index = 0; index < count; index += 1) {
      const length = this.#integer();
      const end = this.#at + length;
      this.#at += 1;
      this.#integer();
      const offset = baseOffset + this.#integer();
      const key = this.#slice();
      onRecord(offset, this.#slice(), key);
      // The remaining bytes are headers.
      this.#at = end;
    }
    if (this.#at !== this.#bytes.length)
      throw new RangeError(`offset ${baseOffset}: the batch is longer than its records`);
  }

  #slice(): Uint8Array | null {
    const length = this.#integer();
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** Values up to 2^53: deltas of timestamps may need more than 32 bits. */
  #integer(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at] ?? 0;
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
