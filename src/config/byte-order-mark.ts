/**
 * Removes a byte order mark, with which editors on Windows begin UTF-8 files: it would become a
 * part of the first word.
 */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
