import { open, type FileHandle } from 'node:fs/promises';
import { ClusterError } from '../errors.ts';
import { attempt, type InputFile } from './input-files.ts';
import type { RecordDealer } from './record-batch.ts';
import type { RecordSource } from './record-source.ts';

const lineFeed = 10;
const carriageReturn = 13;
const chunkBytes = 1_048_576;
/** A file without line ends is not text, and brokers reject records of this size. */
const lineBytesMaxByDefault = 64 * 1_048_576;

/**
 * Streams the lines of files, one record per line. Memory holds one chunk and the longest line. A
 * line ends with LF or CRLF, which are not part of it, or with its file. An empty line is an empty
 * record. No record follows a file's last line end.
 */
export class FileSource implements RecordSource {
  readonly #files: readonly InputFile[];
  readonly #repeat: boolean;
  readonly #lineBytesMax: number;
  #fileIndex = 0;
  #handle: FileHandle | undefined;
  #chunk = Buffer.allocUnsafeSlow(chunkBytes);
  /** The unread bytes of the chunk are [start, end). */
  #start = 0;
  #end = 0;
  #line = 0;
  /** Number of bytes read from the file. */
  #position = 0;
  /** Number of lines returned since the beginning of the first file. */
  #passLines = 0;
  /** There is no line feed in this number of bytes from start on. */
  #searched = 0;

  /** @param options.repeat - start again after the last file */
  constructor(files: readonly InputFile[], options: { readonly repeat: boolean; readonly lineBytesMax?: number }) {
    this.#files = files;
    this.#repeat = options.repeat;
    this.#lineBytesMax = options.lineBytesMax ?? lineBytesMaxByDefault;
  }

  /**
   * An error closes the file: Node reports a FileHandle that is collected while open as an uncaught
   * error.
   */
  async fill(dealer: RecordDealer, recordsMax: number): Promise<number> {
    try {
      return await this.#fill(dealer, recordsMax);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #fill(dealer: RecordDealer, recordsMax: number): Promise<number> {
    let filled = 0;
    while (filled < recordsMax) {
      const { lines, full } = this.#appendLines(dealer, recordsMax - filled);
      filled += lines;
      this.#passLines += lines;
      if (full || filled === recordsMax) break;
      if (await this.#readMore()) continue;
      // At the end of a file the remaining bytes are its last line, without a line end.
      if (this.#end > this.#start) {
        if (!dealer.append(this.#chunk, this.#start, this.#end)) break;
        this.#start = this.#end;
        filled += 1;
        this.#passLines += 1;
      }
      if (!(await this.#nextFile())) break;
    }
    return filled;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  #appendLines(dealer: RecordDealer, recordsMax: number): { readonly lines: number; readonly full: boolean } {
    const chunk = this.#chunk.subarray(0, this.#end);
    let lines = 0;
    while (lines < recordsMax) {
      const feed = chunk.indexOf(lineFeed, this.#start + this.#searched);
      if (feed < 0) {
        this.#searched = this.#end - this.#start;
        break;
      }
      const carriage = feed > this.#start && chunk[feed - 1] === carriageReturn;
      if (!dealer.append(chunk, this.#start, carriage ? feed - 1 : feed)) return { lines, full: true };
      this.#start = feed + 1;
      this.#searched = 0;
      this.#line += 1;
      lines += 1;
    }
    return { lines, full: false };
  }

  /** @returns false at the end of the file */
  async #readMore(): Promise<boolean> {
    const file = this.#files[this.#fileIndex];
    if (file === undefined) return false;
    this.#handle ??= await attempt(file.path, () => open(file.path));
    this.#makeRoom(file);
    const handle = this.#handle;
    // Bytes that are appended to the file later do not belong to the workload.
    const room = Math.min(this.#chunk.length - this.#end, file.sizeBytes - this.#position);
    const { bytesRead } = await attempt(file.path, () => handle.read(this.#chunk, this.#end, room));
    this.#end += bytesRead;
    this.#position += bytesRead;
    return bytesRead > 0;
  }

  #makeRoom(file: InputFile): void {
    const left = this.#end - this.#start;
    if (left > this.#lineBytesMax) {
      const mib = Math.floor(this.#lineBytesMax / 1_048_576);
      throw new ClusterError('input', `${file.path} line ${this.#line + 1} is longer than ${mib} MiB (--input)`, {
        hint: 'check that it is a text file: each line is one record',
      });
    }
    const target = left * 2 > this.#chunk.length ? Buffer.allocUnsafeSlow(this.#chunk.length * 2) : this.#chunk;
    this.#chunk.copy(target, 0, this.#start, this.#end);
    this.#chunk = target;
    this.#start = 0;
    this.#end = left;
  }

  /** @returns false when no file is left */
  async #nextFile(): Promise<boolean> {
    await this.close();
    this.#start = 0;
    this.#end = 0;
    this.#searched = 0;
    this.#line = 0;
    this.#position = 0;
    this.#fileIndex += 1;
    // Files that have become empty would be read again without end.
    if (this.#fileIndex >= this.#files.length && this.#repeat && this.#passLines > 0) {
      this.#fileIndex = 0;
      this.#passLines = 0;
    }
    return this.#fileIndex < this.#files.length;
  }
}
