import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WordcountError } from '../errors.ts';
import { OutputStream } from '../output/output-stream.ts';
import { reasonOf } from '../output/reason.ts';
import type { RunPlan } from './run-plan.ts';

/** Histories of one seed and protocol that a folder may hold. */
const namesakesMax = 10_000;

/**
 * The file of a run's history: it stays when the run has found something, or when all are to be kept. It never takes the
 * name of a file that is there, which may be kept from another run, replayed by this one or written by one at the same time.
 */
export class RunHistory {
  readonly stream: OutputStream;
  readonly #madeFolder: boolean;

  /** @throws WordcountError environment when no file can be made in the folder */
  constructor(folder: string, plan: RunPlan) {
    try {
      this.#madeFolder = mkdirSync(folder, { recursive: true }) !== undefined;
      this.stream = createNew(folder, plan);
    } catch (cause) {
      const message = `the history cannot be written in ${folder} (--history-dir): ${reasonOf(cause)}`;
      throw new WordcountError('environment', message, { cause });
    }
  }

  /** For a run that found nothing; a folder that was made for it and is empty goes too. */
  remove(): void {
    const { path } = this.stream;
    rmSync(path, { force: true });
    if (!this.#madeFolder) return;
    try {
      rmdirSync(dirname(path));
    } catch {
      // There are other histories in it.
    }
  }
}

function createNew(folder: string, { seed, protocol }: RunPlan): OutputStream {
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
