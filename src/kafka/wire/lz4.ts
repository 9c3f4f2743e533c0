import { copyBack, copyShort } from './byte-copy.ts';

const magic = 0x184d2204;
const hasBlockChecksum = 0x10;
const hasContentSize = 0x08;
const hasContentChecksum = 0x04;
const hasDictionary = 0x01;
const isStored = 0x80000000;
const matchLengthMin = 4;

/**
 * Decompresses LZ4 frames. Checksums are not verified, since Kafka's own checksum covers them.
 * @throws RangeError when the bytes are not LZ4
 */
export function decompressLz4(bytes: Buffer): Buffer {
  const output = new Output(bytes.length * 4);
  for (let at = 0; at < bytes.length;) at = decompressFrame(bytes, at, output);
  return output.bytes.subarray(0, output.end);
}

/** Bytes written so far; matches reach back into them across blocks. */
class Output {
  bytes: Buffer;
  end = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(Math.max(65_536, capacity));
  }

  reserve(length: number): void {
    if (this.end + length <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.end + length));
    this.bytes.copy(grown, 0, 0, this.end);
    this.bytes = grown;
  }
}

/** @returns one past the frame's last byte */
function decompressFrame(bytes: Buffer, start: number, output: Output): number {
  check(bytes.readUInt32LE(start) === magic);
  const flags = bytes.readUInt8(start + 4);
  check(flags >> 6 === 1);
  let at = start + 7 + (flags & hasContentSize ? 8 : 0) + (flags & hasDictionary ? 4 : 0);
  for (;;) {
    const word = bytes.readUInt32LE(at);
    at += 4;
    if (word === 0) break;
    const end = at + (word % isStored);
    check(end <= bytes.length);
    if (word >= isStored) appendStored(bytes, at, end, output);
    else decompressBlock(bytes, at, end, output);
    at = end + (flags & hasBlockChecksum ? 4 : 0);
  }
  return at + (flags & hasContentChecksum ? 4 : 0);
}

function appendStored(bytes: Buffer, start: number, end: number, output: Output): void {
  output.reserve(end - start);
  copyShort(bytes, start, end, output.bytes, output.end);
  output.end += end - start;
}

function decompressBlock(bytes: Buffer, start: number, blockEnd: number, output: Output): void {
  let at = start;
  const readLength = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      const byte = bytes.readUInt8(at);
      at += 1;
      length += byte;
      if (byte < 255) return length;
    }
  };
  while (at < blockEnd) {
    const token = bytes[at] ?? 0;
    at += 1;
    const literals = readLength(token >> 4);
    check(at + literals <= blockEnd);
    appendStored(bytes, at, at + literals, output);
    at += literals;
    // A block ends with literals.
    if (at === blockEnd) return;
    const distance = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    at += 2;
    const length = readLength(token & 15) + matchLengthMin;
    check(distance > 0 && distance <= output.end);
    output.reserve(length);
    copyBack(output.bytes, output.end, distance, length);
    output.end += length;
  }
}

function check(condition: boolean): void {
  if (!condition) throw new RangeError('not LZ4');
}
