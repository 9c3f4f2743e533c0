import { randomUUID } from 'node:crypto';
import { constants, createWriteStream, type Stats } from 'node:fs';
import { access, chmod, chown, copyFile, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pieces } from './pieces.ts';

/**
 * After these errors of a rename, the file is copied instead: it is a mount, or its folder is
 * protected.
 */
export const notReplaceable = new Set(['EBUSY', 'EXDEV', 'EPERM', 'EACCES', 'ETXTBSY']);

const lineFeed = 10;

export interface FileFacts {
  readonly target: string;
  readonly existing: Stats | undefined;
  /** Only the owner may read the file. */
  readonly isPrivate: boolean;
}

/**
 * Writes a regular file that appears, or is replaced, only when it is complete. It keeps its mode
 * and owner. A file that can't be replaced (it has another name, is a mount, or its folder is not
 * writable) is overwritten.
 * @throws the system's error; an existing file is then unchanged, unless it had to be overwritten
 */
export async function writeFileWhole(facts: FileFacts, text: Iterable<string>): Promise<void> {
  const { target, existing, isPrivate } = facts;
  const folder = dirname(target);
  if (existing !== undefined && !(await isWritable(folder))) {
    await pipeline(Readable.from(pieces(text)), createWriteStream(target));
    if (isPrivate) await chmod(target, 0o600);
    return;
  }
  const temporary = join(folder, `.consumer-cluster-${randomUUID()}.tmp`);
  try {
    const mode = isPrivate ? 0o600 : existing === undefined ? 0o666 : 0o600;
    await pipeline(Readable.from(pieces(text)), createWriteStream(temporary, { flags: 'wx', mode }));
    if (existing !== undefined) await takeOver(temporary, existing, isPrivate);
    await put(temporary, target, existing);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Appends to a file of lines. The text is written in one call, so that lines of two processes do
 * not mix. If a full disk has cut off the last line, a line feed is written first.
 */
export async function appendToFile(target: string, text: string): Promise<void> {
  const file = await open(target, 'a+');
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const isWhole = size === 0 || buffer[0] === lineFeed;
    await file.writeFile(isWhole ? text : `\n${text}`);
  } finally {
    await file.close();
  }
}

async function put(temporary: string, target: string, existing: Stats | undefined): Promise<void> {
  if (existing !== undefined && existing.nlink > 1) {
    await copyFile(temporary, target);
    return;
  }
  try {
    await rename(temporary, target);
  } catch (error) {
    if (existing === undefined || !notReplaceable.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(temporary, target);
  }
}

export async function takeOver(path: string, { uid, gid, mode }: Stats, isPrivate: boolean): Promise<void> {
  // Only root may change a file's owner. For other users the new file is their own, as any file
  // they write.
  if (process.getuid?.() === 0) await chown(path, uid, gid);
  await chmod(path, isPrivate ? 0o600 : mode & 0o7777);
}

export async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
