import { constants, createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WordcountError } from '../errors.ts';
import type { CommandContext } from './context.ts';

/** Pieces of this many characters go to the file at once: one write a word would be slow. */
const pieceLength = 65_536;

/**
 * For commands that work long before they write: says at once that the file can't be written.
 * @throws WordcountError input
 */
export async function requireWritable(path: string): Promise<void> {
  if (path === '-') return;
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new WordcountError('input', `can't write ${path}: ${cause}`, { cause: error });
  }
}

/**
 * Writes a result to stdout (`-`) or to a file that appears, or is replaced, only when it is complete.
 * @throws WordcountError input when the file can't be written; nothing is left behind then
 */
export async function writeResult(path: string, text: Iterable<string>, context: CommandContext): Promise<void> {
  if (path === '-') {
    for (const piece of pieces(text)) await context.write(piece);
    return;
  }
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await pipeline(Readable.from(pieces(text)), createWriteStream(temporary));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const cause = error instanceof Error ? error.message : String(error);
    throw new WordcountError('input', `can't write ${path}: ${cause}`, { cause: error });
  }
  context.log(`written: ${path}`);
}

function* pieces(text: Iterable<string>): Generator<string> {
  let piece = '';
  for (const part of text) {
    piece += part;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
