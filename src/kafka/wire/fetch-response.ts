/** One partition's part of a fetch response. */
export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  /**
   * Exclusive end of what can be read. Below `highWatermark` while a transaction that began there
   * is open.
   */
  readonly lastStableOffset: number;
  readonly highWatermark: number;
  /** Transactions that were aborted within the fetched range, by producer. */
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
  /** Record batches, the last perhaps cut off. */
  readonly records: Buffer;
}

export interface FetchResponse {
  /**
   * How long the client must not send requests because it exceeded its quota; the response then
   * contains no records.
   */
  readonly throttleMs: number;
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

/**
 * Decodes a response of version 11, for one topic, without touching the records: kafkajs makes an
 * object of each.
 */
export function decodeFetchResponse(bytes: Buffer): FetchResponse {
  const reader = new Reader(bytes);
  const throttleMs = reader.int32();
  const errorCode = reader.int16();
  reader.int32(); // session
  const partitions: FetchedPartition[] = [];
  for (let topics = reader.int32(); topics > 0; topics -= 1) {
    reader.skip(reader.int16()); // name
    for (let count = reader.int32(); count > 0; count -= 1) partitions.push(readPartition(reader));
  }
  return { throttleMs, errorCode, partitions };
}

function readPartition(reader: Reader): FetchedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = Number(reader.int64());
  const lastStableOffset = Number(reader.int64());
  reader.skip(8); // log start offset
  const aborted = Array.from({ length: Math.max(0, reader.int32()) }, () => ({
    producerId: reader.int64(),
    firstOffset: Number(reader.int64()),
  }));
  reader.int32(); // preferred read replica
  const records = reader.bytes(Math.max(0, reader.int32()));
  return { partition, errorCode, lastStableOffset, highWatermark, aborted, records };
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  int64(): bigint {
    this.#at += 8;
    return this.#bytes.readBigInt64BE(this.#at - 8);
  }

  skip(length: number): void {
    this.#at += length;
  }

  bytes(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
