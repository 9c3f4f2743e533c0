import { randomUUID } from 'node:crypto';
import { closeSync, constants, copyFileSync, openSync, renameSync, rmSync, writeSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Destination } from './destination.ts';
import { isWritable, notReplaceable, takeOver } from './write-file.ts';
import { openWithReader } from './write-special.ts';

/** Pause between attempts to write to a non-blocking descriptor whose reader is slow. */
const readerMs = 2;

/**
 * An output that grows while the command works. An existing file is replaced when the stream is
 * closed.
 */
export class OutputStream {
  readonly path: string;
  readonly #descriptor: number;
  readonly #owned: boolean;
  /** Moves the complete file to its destination. */
  readonly #finish: () => void;
  readonly #pause = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  private constructor(
    path: string,
    descriptor: number,
    how: { readonly owned: boolean; readonly finish?: () => void },
  ) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#owned = how.owned;
    this.#finish = how.finish ?? ((): void => undefined);
  }

  /** @throws the system's error */
  static async open(destination: Destination): Promise<OutputStream> {
    const { path } = destination;
    switch (destination.type) {
      case 'descriptor':
        return new OutputStream(path, destination.descriptor, { owned: false });
      case 'device':
        return new OutputStream(path, openSync(destination.target, constants.O_WRONLY), { owned: true });
      case 'pipe': {
        const first = await openWithReader(destination.target);
        const descriptor = openSync(destination.target, constants.O_WRONLY);
        await first.close();
        return new OutputStream(path, descriptor, { owned: true });
      }
      case 'file':
        return OutputStream.#openFile(destination);
    }
  }

  static async #openFile({ path, target, existing }: Extract<Destination, { type: 'file' }>): Promise<OutputStream> {
    if (existing === undefined) return OutputStream.create(target, path);
    if (!(await isWritable(dirname(target)))) return new OutputStream(path, openSync(target, 'w'), { owned: true });
    const temporary = join(dirname(target), `.consumer-cluster-${randomUUID()}.tmp`);
    const file = await open(temporary, 'wx', 0o600);
    await file.close();
    await takeOver(temporary, existing, true);
    return new OutputStream(path, openSync(temporary, 'w'), {
      owned: true,
      finish: () => {
        replace(temporary, target, existing);
      },
    });
  }

  /**
   * Creates a new file, readable by its owner only.
   * @throws the system's error: EEXIST when the name is taken
   */
  static create(target: string, path = target): OutputStream {
    return new OutputStream(path, openSync(target, 'wx', 0o600), { owned: true });
  }

  /** @throws the system's error */
  write(text: string): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(this.#descriptor, bytes, at);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        Atomics.wait(this.#pause, 0, 0, readerMs);
      }
    }
  }

  /** @throws the system's error */
  close(): void {
    if (this.#owned) closeSync(this.#descriptor);
    this.#finish();
  }
}

function replace(temporary: string, target: string, existing: Stats): void {
  try {
    if (existing.nlink === 1) {
      renameSync(temporary, target);
      return;
    }
  } catch (error) {
    if (!notReplaceable.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  copyFileSync(temporary, target);
  rmSync(temporary, { force: true });
}
