import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClusterError, reasonOf } from '../errors.ts';
import { OutputStream } from '../output/output-stream.ts';
import type { RunIdentity } from './run-outcome.ts';

/** Largest number of histories of one seed and protocol in a folder. */
const namesakesMax = 10_000;

/**
 * The file of a run's history. It stays when the run has findings, or when all histories are to be
 * kept. It never overwrites an existing file: that file may be kept from another run, replayed by
 * this one, or written by a concurrent one.
 */
export class RunHistoryFile {
  readonly stream: OutputStream;
  readonly #madeFolder: boolean;

  /** @throws ClusterError environment when no file can be created in the folder */
  constructor(folder: string, plan: RunIdentity) {
    try {
      this.#madeFolder = mkdirSync(folder, { recursive: true }) !== undefined;
      this.stream = createNew(folder, plan);
    } catch (cause) {
      const message = `the history cannot be written in ${folder} (--history-dir): ${reasonOf(cause)}`;
      throw new ClusterError('environment', message, { cause });
    }
  }

  /**
   * Removes the history of a run without findings, and its folder if this run created it and it is
   * empty.
   */
  remove(): void {
    const { path } = this.stream;
    rmSync(path, { force: true });
    if (!this.#madeFolder) return;
    try {
      rmdirSync(dirname(path));
    } catch {
      // The folder contains other histories.
    }
  }
}

function createNew(folder: string, { seed, protocol }: RunIdentity): OutputStream {
  for (let number = 1; number <= namesakesMax; number += 1) {
    const name = `stress-${seed}-${protocol}${number === 1 ? '' : `-${number}`}.ndjson`;
    try {
      return OutputStream.create(join(folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new Error(`it already has ${namesakesMax} histories of seed ${seed} and ${protocol}`);
}
