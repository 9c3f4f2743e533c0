import { randomUUID } from 'node:crypto';
import { constants, createWriteStream, type Stats } from 'node:fs';
import { access, chmod, chown, copyFile, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pieces } from './pieces.ts';

/** A rename that fails in one of these ways leaves copying: the file is mounted, or its folder is protected. */
export const notReplaceable = new Set(['EBUSY', 'EXDEV', 'EPERM', 'EACCES', 'ETXTBSY']);

const lineFeed = 10;

export interface FileFacts {
  readonly target: string;
  readonly existing: Stats | undefined;
  /** Only its owner may read it. */
  readonly isPrivate: boolean;
}

/**
 * Writes a regular file that appears, or is replaced, only when it is complete. Its mode and owner stay, and where it can't be
 * replaced (another name of the same file, a mount, a folder that may not be written) it is overwritten.
 * @throws the system's error; a file that existed is then unchanged, unless it had to be overwritten
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
 * For files of lines that are only ever added to. One write, so that lines of two processes do not mix; a last line that has
 * no end, as a full disk leaves it, gets one first.
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
  // Only root may give a file away: for anybody else the new one is theirs, as any file they write.
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
