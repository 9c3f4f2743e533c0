/** Reads the fields of a request in Kafka's protocol, in order, without flexible versions. */
export class Request {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int(size: number): number {
    this.#at += size;
    return this.#bytes.readIntBE(this.#at - size, size);
  }

  bytes(size: number): Buffer {
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  string(): string {
    return this.bytes(Math.max(0, this.int(2))).toString();
  }
}

/** A signed integer, most significant byte first. */
export function int(size: 1 | 2 | 4 | 8, value: number | bigint): Buffer {
  const buffer = Buffer.alloc(size);
  if (size === 8) buffer.writeBigInt64BE(BigInt(value));
  else buffer.writeIntBE(Number(value), 0, size);
  return buffer;
}

/** A string with its length in two bytes. */
export function string(text: string): Buffer {
  return Buffer.concat([int(2, Buffer.byteLength(text)), Buffer.from(text)]);
}

/** A list with its length in four bytes. */
export function array<Item>(items: readonly Item[], encode: (item: Item) => readonly Buffer[]): Buffer {
  return Buffer.concat([int(4, items.length), ...items.flatMap(encode)]);
}
