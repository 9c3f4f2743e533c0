/** Editors on Windows begin UTF-8 files with a byte order mark, which would become a part of the first word. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
