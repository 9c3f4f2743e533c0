/**
 * Finds letters, marks and digits of two and three bytes that are their own lower case, 16 bytes at
 * a time, in the blocks of common scripts. What is not found here is classified one by one, so a
 * missing block costs time and nothing else. A block must contain nothing but such code points.
 *
 * Each bit of a table's entries is a set of blocks: those whose lead byte, upper and lower half of
 * the second byte all have the bit. Halves are those of hexadecimal digits: 0x8 to 0xb, 0x0 to 0xf.
 */

/**
 * bits 0 to 3: all 16 code points with the upper half 8, 9, a or b
 * bit 4: CF 8x but not CF 8F (Greek)      bit 5: C3 Bx but not C3 B7 (Latin-1)
 * bit 6: odd ones of C4 9x, C4 Ax, C5 9x, C5 Ax      bit 7: odd ones of C4 8x (Latin Extended-A)
 */
@inline
function leadsFromC0(): v128 { return i8x16(0, 0, 0, 0x24, <i8>0xc0, 0x40, 0, 0, 0, 0, 0, 0, 0x0f, 0x07, 0x08, 0x10); }
/** Cyrillic D0 Bx, D1 8x and 9x; Hebrew D7 9x; Arabic D8 Ax to DB 8x without D9 Ax. */
@inline
function leadsFromD0(): v128 { return i8x16(0x08, 0x03, 0, 0, 0, 0, 0, 0x02, 0x0c, 0x0b, 0x0f, 0x01, 0, 0, 0, 0); }
@inline
function upperHalves(): v128 { return i8x16(0, 0, 0, 0, 0, 0, 0, 0, <i8>0x91, 0x42, 0x44, 0x28, 0, 0, 0, 0); }
@inline
function lowerHalves(): v128 {
  return i8x16(0x3f, -1, 0x3f, -1, 0x3f, -1, 0x3f, <i8>0xdf, 0x3f, -1, 0x3f, -1, 0x3f, -1, 0x3f, <i8>0xef);
}

/**
 * bit 0: all of E5 to E9 and of EB, EC (Chinese characters, Hangul)
 * bit 1: E4 but not E4 x7, which has hexagrams at E4 B7      bit 7: EA Bx (Hangul)
 * bit 2: E0 A4 (Devanagari)      bit 3: E0 A5, without what `thirdUpper` and `thirdLower` exclude
 * bits 4 to 6: E3 81, E3 82, E3 83 (kana), likewise
 */
@inline
function leadsFromE0(): v128 { return i8x16(0x0c, 0, 0, 0x70, 0x02, 1, 1, 1, 1, 1, <i8>0x80, 1, 1, 0, 0, 0); }
@inline
function secondUpper(): v128 { return i8x16(0, 0, 0, 0, 0, 0, 0, 0, 0x73, 0x03, 0x0f, <i8>0x83, 0, 0, 0, 0); }
@inline
function secondLower(): v128 {
  return i8x16(
    <i8>0x83, <i8>0x93, <i8>0xa3, <i8>0xc3, <i8>0x87, <i8>0x8b, <i8>0x83, <i8>0x81,
    <i8>0x83, <i8>0x83, <i8>0x83, <i8>0x83, <i8>0x83, <i8>0x83, <i8>0x83, <i8>0x83,
  );
}
/**
 * Excluded, because some of them separate words: A0 A4 A5 B0 B4 B5 (bit 3), 80 (bit 4), 9x and Ax
 * with x in 0 7 8 B C (bit 5), BB (bit 6).
 */
@inline
function thirdUpper(): v128 { return i8x16(0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x20, 0x28, 0x48, 0, 0, 0, 0); }
@inline
function thirdLower(): v128 { return i8x16(0x38, 0, 0, 0, 0x08, 0x08, 0, 0x20, 0x20, 0, 0, 0x60, 0x20, 0, 0, 0); }

/** One bit per byte of 64. Valid for lead bytes of two-byte code points: set for such letters. */
export function plainTwoBytes(at: usize): u64 {
  return twoBytes(at) | (twoBytes(at + 16) << 16) | (twoBytes(at + 32) << 32) | (twoBytes(at + 48) << 48);
}

/** The same for code points of three bytes. */
export function plainThreeBytes(at: usize): u64 {
  return threeBytes(at) | (threeBytes(at + 16) << 16) | (threeBytes(at + 32) << 32) | (threeBytes(at + 48) << 48);
}

@inline
function twoBytes(at: usize): u64 {
  const lead = v128.load(at);
  const second = v128.load(at, 1);
  const blocks = v128.or(
    i8x16.swizzle(leadsFromC0(), v128.xor(lead, i8x16.splat(<i8>0xc0))),
    i8x16.swizzle(leadsFromD0(), v128.xor(lead, i8x16.splat(<i8>0xd0))),
  );
  return anyBits(v128.and(v128.and(blocks, byUpperHalf(upperHalves(), second)), byLowerHalf(lowerHalves(), second)));
}

@inline
function threeBytes(at: usize): u64 {
  const second = v128.load(at, 1);
  const third = v128.load(at, 2);
  const blocks = i8x16.swizzle(leadsFromE0(), v128.xor(v128.load(at), i8x16.splat(<i8>0xe0)));
  const found = v128.and(v128.and(blocks, byUpperHalf(secondUpper(), second)), byLowerHalf(secondLower(), second));
  return anyBits(v128.andnot(found, v128.and(byUpperHalf(thirdUpper(), third), byLowerHalf(thirdLower(), third))));
}

@inline
function byLowerHalf(table: v128, bytes: v128): v128 { return i8x16.swizzle(table, v128.and(bytes, i8x16.splat(15))); }

@inline
function byUpperHalf(table: v128, bytes: v128): v128 { return byLowerHalf(table, i16x8.shr_u(bytes, 4)); }

/** One bit per byte: set unless the byte is 0. */
@inline
function anyBits(bytes: v128): u64 { return <u64>(0xffff ^ i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0)))); }
