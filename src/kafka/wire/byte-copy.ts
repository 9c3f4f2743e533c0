/** Below this length a loop is faster than a call of the engine's copy. */
const loopBytesMax = 64;

/** Copies bytes [start, end) of `source` to `offset` of `target`, most often a few. */
export function copyShort(source: Buffer, start: number, end: number, target: Buffer, offset: number): void {
  if (end - start > loopBytesMax) {
    source.copy(target, offset, start, end);
    return;
  }
  for (let index = start; index < end; index += 1) target[offset + index - start] = source[index] ?? 0;
}

/**
 * Appends `length` bytes at `end`, copied from `distance` bytes before it. Source and target may
 * overlap, which repeats the bytes.
 */
export function copyBack(target: Buffer, end: number, distance: number, length: number): void {
  if (length > loopBytesMax && distance >= length) {
    target.copyWithin(end, end - distance, end - distance + length);
    return;
  }
  for (let index = end; index < end + length; index += 1) target[index] = target[index - distance] ?? 0;
}
