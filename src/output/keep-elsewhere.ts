import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pieces } from './pieces.ts';

/**
 * Writes a result whose destination failed to the first of several folders that accepts it,
 * readable by its owner only.
 * @returns the file; undefined when all folders fail
 */
export async function keepElsewhere(path: string, text: () => Iterable<string>): Promise<string | undefined> {
  const name = `consumer-cluster-${randomUUID().slice(0, 8)}-${basename(path).slice(-100)}`;
  for (const folder of [tmpdir(), '.', homedir()]) {
    const file = resolve(folder, name);
    try {
      await pipeline(Readable.from(pieces(text())), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      return file;
    } catch {
      await rm(file, { force: true });
    }
  }
  return undefined;
}
