import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from '../../../src/kafka/wire/crc32c.ts';
import { decompressLz4 } from '../../../src/kafka/wire/lz4.ts';
import { recordBatches } from '../../../src/kafka/wire/record-batches.ts';
import { decompressSnappy } from '../../../src/kafka/wire/snappy.ts';

test.each([
  ['', 0],
  ['123456789', 0xe3069283],
  ['\0'.repeat(32), 0x8a9136aa],
])('CRC-32C of %j is that of RFC 3720', (text, expected) => {
  const bytes = Buffer.from(`<${text}>`, 'latin1');
  expect(crc32c(bytes, 1, bytes.length - 1)).toBe(expected);
});

test('snappy: literals, copies that overlap, and Java blocks', () => {
  // "abab…" as the format description has it: a literal, then a copy from two bytes back.
  const bare = Buffer.from([10, 0b0000_0100, 0x61, 0x62, 0b000_100_01, 2]);
  expect(decompressSnappy(bare).toString()).toBe('ababababab');
  const block = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const header = Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1');
  expect(decompressSnappy(Buffer.concat([header, block(bare), block(bare)])).toString()).toBe('ababababab'.repeat(2));
});

test('lz4: literals, matches that overlap, stored blocks, optional fields, several frames', () => {
  const compressed = Buffer.from([0x24, 0x61, 0x62, 2, 0, 0x10, 0x63]);
  const size = (bytes: number): Buffer => {
    const word = Buffer.alloc(4);
    word.writeUInt32LE(bytes >>> 0);
    return word;
  };
  const magic = Buffer.from([0x04, 0x22, 0x4d, 0x18]);
  const plain = Buffer.concat([
    magic,
    Buffer.from([0x60, 0x40, 0]),
    size(7),
    compressed,
    size(0x80000003),
    Buffer.from('xyz'),
    size(0),
  ]);
  const checks = Buffer.concat([
    magic,
    Buffer.from([0x7c, 0x40]),
    Buffer.alloc(8),
    Buffer.from([0]),
    size(7),
    compressed,
    size(1),
    size(0),
    size(2),
  ]);
  expect(decompressLz4(plain).toString()).toBe('ababababab' + 'cxyz');
  expect(decompressLz4(Buffer.concat([plain, checks])).toString()).toBe('ababababab' + 'cxyz' + 'ababababab' + 'c');
});

test('damaged compression is a RangeError, never a hang or another error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      for (const decompress of [decompressSnappy, decompressLz4]) {
        try {
          decompress(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }),
  );
});

/** A batch of one record with the value `x`, as Kafka's protocol guide lays it out. */
function oneRecord(offset: bigint): Buffer {
  const record = Buffer.from([14, 0, 0, 0, 1, 2, 0x78, 0]);
  const batch = Buffer.alloc(61);
  batch.writeBigInt64BE(offset, 0);
  batch.writeInt32BE(61 - 12 + record.length, 8);
  batch.writeInt8(2, 16);
  batch.writeInt32BE(1, 57);
  batch.writeBigInt64BE(-1n, 43);
  const whole = Buffer.concat([batch, record]);
  whole.writeUInt32BE(crc32c(whole, 21, whole.length), 17);
  return whole;
}

function read(bytes: Buffer): [number, string | undefined][] {
  const records: [number, string | undefined][] = [];
  for (const batch of recordBatches(bytes)) {
    batch.records((offset, value) =>
      records.push([offset, value === null ? undefined : Buffer.from(value).toString()]),
    );
  }
  return records;
}

test('reads whole batches, and leaves out a truncated last one', () => {
  const bytes = Buffer.concat([oneRecord(7n), oneRecord(2n ** 40n)]);
  for (let length = 0; length <= bytes.length; length += 1) {
    const whole = Math.floor(length / (bytes.length / 2));
    expect(read(bytes.subarray(0, length))).toEqual(
      [
        [7, 'x'],
        [2 ** 40, 'x'],
      ].slice(0, whole),
    );
  }
});

test('a flipped bit anywhere after the checksum is reported with the offset', () => {
  for (let bit = 21 * 8; bit < oneRecord(7n).length * 8; bit += 1) {
    const bytes = oneRecord(7n);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => read(bytes)).toThrow(/offset 7: checksum mismatch/);
  }
});

test('rejects an older format', () => {
  const bytes = oneRecord(3n);
  bytes.writeInt8(1, 16);
  expect(() => read(bytes)).toThrow(/offset 3: unsupported record format 1/);
});
