import { copyBack, copyShort } from './byte-copy.ts';

/** The header with which Java's producers begin: blocks follow, each behind its length. */
const blockMagic = Buffer.from('\x82SNAPPY\0', 'latin1');
const blockHeaderBytes = 16;

/**
 * Decompresses snappy, bare as librdkafka writes it or in blocks as Java does.
 * @throws RangeError when the bytes are not snappy
 */
export function decompressSnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, blockMagic.length).equals(blockMagic)) return decompressBlock(bytes);
  const blocks: Buffer[] = [];
  for (let offset = blockHeaderBytes; offset < bytes.length;) {
    const start = offset + 4;
    const end = start + bytes.readUInt32BE(offset);
    blocks.push(decompressBlock(bytes.subarray(start, end)));
    offset = end;
  }
  return Buffer.concat(blocks);
}

function decompressBlock(bytes: Buffer): Buffer {
  let at = 0;
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes.readUInt8(at);
    at += 1;
    size += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  const target = Buffer.allocUnsafe(size);
  let end = 0;
  while (at < bytes.length) {
    const tag = bytes.readUInt8(at);
    at += 1;
    const kind = tag & 3;
    if (kind === 0) {
      let length = (tag >> 2) + 1;
      if (length > 60) {
        const lengthBytes = length - 60;
        length = bytes.readUIntLE(at, lengthBytes) + 1;
        at += lengthBytes;
      }
      check(at + length <= bytes.length && end + length <= size);
      copyShort(bytes, at, at + length, target, end);
      at += length;
      end += length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offsetBytes = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    const low = bytes.readUIntLE(at, offsetBytes);
    const distance = kind === 1 ? ((tag >> 5) << 8) + low : low;
    at += offsetBytes;
    check(distance > 0 && distance <= end && end + length <= size);
    copyBack(target, end, distance, length);
    end += length;
  }
  check(end === size);
  return target;
}

function check(condition: boolean): void {
  if (!condition) throw new RangeError('not snappy');
}
