import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunPlan } from './run-plan.ts';

/** The file of a run's history: it stays when the run has found something, or when all are to be kept. */
export class RunHistory {
  readonly path: string;

  constructor(folder: string, { seed, protocol }: RunPlan) {
    this.path = join(folder, `stress-${seed}-${protocol}.ndjson`);
    mkdirSync(folder, { recursive: true });
  }

  /** For a run that found nothing; a folder that was made for it and is empty goes too. */
  remove(): void {
    rmSync(this.path, { force: true });
    try {
      rmdirSync(dirname(this.path));
    } catch {
      // There are other histories in it.
    }
  }
}
