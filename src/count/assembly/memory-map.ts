/**
 * The fixed part of the memory. What `allocate` returns follows it: slots, arenas, values, rows.
 */

/** 17 masks of 16 bytes: the first n bytes set. */
export const masksAt: usize = 0;
/** One Int32 per code point, 0 while unknown. Pages that are never touched take no memory. */
export const loweredAt: usize = 1024;
/** The classes of classify-step.ts: a byte per code point of two bytes, then of three bytes. */
export const twoByteClassesAt: usize = loweredAt + 4 * 0x110000;
export const threeByteClassesAt: usize = twoByteClassesAt + 0x800;
/** For each byte: the positions of its set bits, lowest first, 8 bytes. */
export const positionsAt: usize = threeByteClassesAt + 0x10000;
/** Bytes of text that are scanned before their words are added. */
export const chunkBytes: usize = 2048;
/**
 * Borders of words in a chunk: Int32, one per byte at most, and what a step may write beyond. The
 * last step of a chunk may begin at its last byte.
 */
export const bordersAt: usize = positionsAt + 0x800;
/** The text of a chunk, in lower case; the last step of a chunk and a vector may end beyond it. */
export const textAt: usize = bordersAt + 4 * (chunkBytes + 256);
let heapEnd: usize = textAt + chunkBytes + 256;

/** Allocates memory permanently, on separate cache lines; 128 bytes after it may be read. */
export function allocate(size: usize): usize {
  const at = heapEnd;
  heapEnd = (at + size + 191) & ~63;
  const pages = <i32>((heapEnd + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
  return at;
}

export function fillTables(): void {
  for (let length: usize = 0; length <= 16; length += 1) {
    for (let index: usize = 0; index < 16; index += 1) {
      store<u8>(masksAt + length * 16 + index, index < length ? 0xff : 0);
    }
  }
  for (let bits: usize = 0; bits < 256; bits += 1) {
    let next = positionsAt + (bits << 3);
    for (let bit: usize = 0; bit < 8; bit += 1) {
      if (((bits >> bit) & 1) == 0) continue;
      store<u8>(next, <u8>bit);
      next += 1;
    }
  }
}

/** The first `count` bytes set, 0 to 16. */
@inline
export function maskOf(count: i32): v128 { return v128.load(masksAt + (<usize>count << 4)); }
