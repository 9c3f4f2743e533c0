import { gzipSync } from 'node:zlib';
import { crc32c } from '../../src/kafka/wire/crc32c.ts';

/** A record as a batch contains it. */
export interface EncodedRecord {
  readonly offsetDelta: number | bigint;
  /** 0 by default. */
  readonly timestampDelta?: number | bigint;
  /** Null by default. */
  readonly key?: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** A signed number as Kafka's records contain it: zigzag, 7 bits per byte, lowest first. */
export function varint(value: number | bigint): number[] {
  const signed = BigInt(value);
  const bytes: number[] = [];
  let bits = BigInt.asUintN(64, (signed << 1n) ^ (signed >> 63n));
  for (; bits > 0x7fn; bits >>= 7n) bytes.push(Number(bits & 0x7fn) | 0x80);
  bytes.push(Number(bits));
  return bytes;
}

const nullable = (bytes: Uint8Array | null): Uint8Array =>
  bytes === null ? Uint8Array.from(varint(-1)) : Buffer.concat([Uint8Array.from(varint(bytes.length)), bytes]);

export function encodeRecord({
  offsetDelta,
  timestampDelta = 0,
  key = null,
  value,
  headers = [],
}: EncodedRecord): Buffer {
  const body = Buffer.concat([
    Uint8Array.from([0, ...varint(timestampDelta), ...varint(offsetDelta)]),
    nullable(key),
    nullable(value),
    Uint8Array.from(varint(headers.length)),
    ...headers.flatMap(([name, text]) => [nullable(Buffer.from(name)), nullable(Buffer.from(text))]),
  ]);
  return Buffer.concat([Uint8Array.from(varint(body.length)), body]);
}

export interface BatchHeader {
  /** The records' own by default. */
  readonly recordCount?: number;
  /** That of the last record by default. */
  readonly lastOffsetDelta?: number;
  readonly baseTimestamp?: number;
  /** The base timestamp by default. */
  readonly maxTimestamp?: number;
  /** The broker has set one timestamp, `maxTimestamp`, for all records. */
  readonly logAppendTime?: boolean;
  readonly gzip?: boolean;
}

/** A batch in format 2 with base offset 0: a broker sets its own. */
export function encodeBatch(records: readonly EncodedRecord[], header: BatchHeader = {}): Buffer {
  return wrapRecords(Buffer.concat(records.map(encodeRecord)), {
    recordCount: records.length,
    lastOffsetDelta: Number(records.at(-1)?.offsetDelta ?? 0),
    ...header,
  });
}

/** A batch around bytes that need not be records. */
export function wrapRecords(
  records: Buffer,
  {
    recordCount,
    lastOffsetDelta,
    baseTimestamp = 0,
    maxTimestamp = baseTimestamp,
    logAppendTime = false,
    gzip = false,
  }: BatchHeader & { readonly recordCount: number; readonly lastOffsetDelta: number },
): Buffer {
  const payload = gzip ? gzipSync(records) : records;
  const batch = Buffer.alloc(61 + payload.length);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt8(2, 16);
  batch.writeInt16BE((gzip ? 1 : 0) | (logAppendTime ? 8 : 0), 21);
  batch.writeInt32BE(lastOffsetDelta, 23);
  batch.writeBigInt64BE(BigInt(baseTimestamp), 27);
  batch.writeBigInt64BE(BigInt(maxTimestamp), 35);
  // Not of an idempotent producer: no id, epoch and sequence.
  batch.fill(0xff, 43, 57);
  batch.writeInt32BE(recordCount, 57);
  payload.copy(batch, 61);
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17);
  return batch;
}

/** A record in format 1, as brokers kept them before Kafka 0.11. */
export function encodeOldRecord({ timestamp, value }: { readonly timestamp: number; readonly value: string }): Buffer {
  const bytes = Buffer.from(value);
  const record = Buffer.alloc(12 + 22 + bytes.length);
  record.writeInt32BE(record.length - 12, 8);
  record.writeInt8(1, 16);
  record.writeBigInt64BE(BigInt(timestamp), 18);
  record.writeInt32BE(-1, 26);
  record.writeInt32BE(bytes.length, 30);
  bytes.copy(record, 34);
  return record;
}
