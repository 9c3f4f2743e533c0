/**
 * Bytes of Kafka's flexible protocol versions (KIP-482), for the requests that kafkajs does not
 * know. Request header 2 and response header 1 end with tags, which kafkajs leaves to the body: so
 * a body here begins with them.
 */
export class FlexibleWriter {
  readonly #parts: Buffer[] = [];

  bytes(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return this.bytes(bytes);
  }

  boolean(value: boolean): this {
    return this.bytes(Buffer.of(value ? 1 : 0));
  }

  /** @param value - 0 to 2^31 - 1 */
  varint(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
    return this.bytes(Buffer.from(bytes));
  }

  text(value: string | null): this {
    if (value === null) return this.varint(0);
    const bytes = Buffer.from(value, 'utf8');
    return this.varint(bytes.length + 1).bytes(bytes);
  }

  /** Length prefix of an array. */
  arrayOf(length: number): this {
    return this.varint(length + 1);
  }

  noArray(): this {
    return this.varint(0);
  }

  noTags(): this {
    return this.varint(0);
  }

  done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/**
 * Reads what a FlexibleWriter, or a broker, wrote.
 * @throws RangeError when the bytes end too early
 */
export class FlexibleReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  bytes(length: number): Buffer {
    if (length < 0 || this.#at + length > this.#bytes.length) throw new RangeError('the response is truncated');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  int16(): number {
    return this.bytes(2).readInt16BE();
  }

  int32(): number {
    return this.bytes(4).readInt32BE();
  }

  boolean(): boolean {
    return this.bytes(1)[0] !== 0;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes(1)[0] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  text(): string | null {
    const length = this.varint();
    return length === 0 ? null : this.bytes(length - 1).toString('utf8');
  }

  /** An array that is null is read as one of no elements. */
  array<T>(element: () => T): T[] {
    const length = Math.max(0, this.varint() - 1);
    return Array.from({ length }, element);
  }

  tags(): void {
    for (let left = this.varint(); left > 0; left -= 1) {
      this.varint();
      this.bytes(this.varint());
    }
  }
}
