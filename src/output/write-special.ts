import { constants, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { nowMs } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { pieces } from './pieces.ts';

/** Longest time that a named pipe may be without a reader. */
const readerMsMax = 10_000;
const lookAgainMs = 20;

/** Writes to a character device. @throws the system's error */
export async function writeDevice(path: string, text: Iterable<string>): Promise<void> {
  await writeHandle(await open(path, constants.O_WRONLY), text);
}

/** Writes to a named pipe. @throws an error when no process reads it */
export async function writePipe(path: string, text: Iterable<string>): Promise<void> {
  // Closed only after the second one is open; otherwise the reader would see the end of the pipe in
  // between.
  const first = await openWithReader(path);
  try {
    await writeHandle(await open(path, constants.O_WRONLY), text);
  } finally {
    await first.close();
  }
}

/** Writes to an inherited descriptor, which stays open. @throws the system's error */
export async function writeDescriptor(descriptor: number, text: Iterable<string>): Promise<void> {
  for (const piece of pieces(text)) {
    const bytes = Buffer.from(piece);
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(descriptor, bytes, at);
      } catch (error) {
        // The process that opened the descriptor made it non-blocking, and its reader is slower
        // than this writer.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        await sleep(lookAgainMs);
      }
    }
  }
}

async function writeHandle(handle: FileHandle, text: Iterable<string>): Promise<void> {
  try {
    for (const piece of pieces(text)) await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
}

/**
 * Opens a named pipe without blocking: a blocking open would occupy a thread until there is a
 * reader.
 */
export async function openWithReader(path: string): Promise<FileHandle> {
  const deadlineMs = nowMs() + readerMsMax;
  for (;;) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      if (nowMs() >= deadlineMs)
        throw new Error(`no process opened it for reading within ${readerMsMax / 1_000} s`, { cause: error });
      await sleep(lookAgainMs);
    }
  }
}
