import { closeSync, openSync, readSync } from 'node:fs';
import { unreadable } from '../errors.ts';

const chunkBytes = 1_048_576;
const lineFeed = 10;

/** Bytes [start, end) of a file. */
export interface FileRange {
  readonly path: string;
  /** The file's size when the workload was created; bytes appended later do not belong to it. */
  readonly sizeBytes: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Yields the lines that begin within a range of a file, each whole, without LF or CRLF. It shares
 * no code with the reader that produces (file-source.ts), because it is that reader's oracle.
 */
export function* linesBeginningIn(range: FileRange): Generator<Uint8Array> {
  const file = openFile(range.path);
  try {
    // A line begins at 0 and after each line feed, so the search starts one byte before the range.
    let position = Math.max(0, range.start - 1);
    let skipping = range.start > 0;
    let lineStart = position;
    let pending = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(chunkBytes);
      const bytes = chunk.subarray(
        0,
        readSync(file, chunk, 0, Math.min(chunkBytes, range.sizeBytes - position), position),
      );
      if (bytes.length === 0) break;
      let start = 0;
      for (let feed = bytes.indexOf(lineFeed); feed >= 0; feed = bytes.indexOf(lineFeed, start)) {
        const line = Buffer.concat([pending, bytes.subarray(start, feed)]);
        if (!skipping) yield withoutCarriageReturn(line);
        skipping = false;
        pending = Buffer.alloc(0);
        start = feed + 1;
        lineStart = position + start;
        if (lineStart >= range.end) return;
      }
      pending = Buffer.concat([pending, bytes.subarray(start)]);
      position += bytes.length;
    }
    if (!skipping && pending.length > 0 && lineStart < range.end) yield pending;
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error, { option: '--input' });
  }
}

function withoutCarriageReturn(line: Buffer): Buffer {
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}

/** Splits files into `parts` runs of ranges of about the same size, in order. */
export function cutFiles(
  files: readonly { readonly path: string; readonly sizeBytes: number }[],
  parts: number,
): FileRange[][] {
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const cut = (part: number): number => Math.floor((totalBytes * part) / parts);
  return Array.from({ length: parts }, (_, part) => {
    let fileStart = 0;
    return files.flatMap(({ path, sizeBytes }) => {
      const start = Math.max(cut(part), fileStart) - fileStart;
      const end = Math.min(cut(part + 1), fileStart + sizeBytes) - fileStart;
      fileStart += sizeBytes;
      return start < end ? [{ path, sizeBytes, start, end }] : [];
    });
  });
}
