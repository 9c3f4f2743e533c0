/** Set beside the length of a sequence that `decodeUtf8` returns. */
export const lengthShift = 21;
export const codePointMask = 0x1fffff;

/** One byte that is no part of a valid sequence. It stands between words, as U+FFFD and U+0000 do. */
const invalid = 1 << lengthShift;

/**
 * Decodes the sequence at `index`, as strictly as TextDecoder: no overlong forms, no surrogates, nothing beyond U+10FFFF.
 * @param index - of a byte of 0x80 or more; `index < end <= bytes.length`
 * @returns code point | bytes taken << lengthShift; code point 0 with one byte taken where TextDecoder has U+FFFD. (It may
 *   replace up to three bytes by one U+FFFD; the bytes after the first are no valid start, so they come out as separators too.)
 */
export function decodeUtf8(bytes: Uint8Array, index: number, end: number): number {
  const first = bytes[index] ?? 0;
  if (first < 0xc2 || first > 0xf4) return invalid;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (index + length > end) return invalid;
  const second = (bytes[index + 1] ?? 0) ^ 0x80;
  if (second > 0x3f) return invalid;
  if (length === 2) return ((first & 0x1f) << 6) | second | (2 << lengthShift);
  const third = (bytes[index + 2] ?? 0) ^ 0x80;
  if (third > 0x3f) return invalid;
  if (length === 3) {
    const codePoint = ((first & 0x0f) << 12) | (second << 6) | third;
    const valid = codePoint >= 0x800 && (codePoint < 0xd800 || codePoint > 0xdfff);
    return valid ? codePoint | (3 << lengthShift) : invalid;
  }
  const fourth = (bytes[index + 3] ?? 0) ^ 0x80;
  if (fourth > 0x3f) return invalid;
  const codePoint = ((first & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
  return codePoint >= 0x10000 && codePoint <= 0x10ffff ? codePoint | (4 << lengthShift) : invalid;
}
