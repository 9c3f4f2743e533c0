import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HistoryEvent } from '../history/event.ts';
import { HistoryFile } from '../history/history-file.ts';
import { HistoryRecorder } from '../history/history-recorder.ts';
import type { RunPlan } from './run-plan.ts';

/** The history of one run: into a file, and to whoever listens, event by event. */
export class RunHistory {
  readonly path: string;
  readonly recorder: HistoryRecorder;
  readonly #file: HistoryFile;
  readonly #listeners: ((event: HistoryEvent) => void)[] = [];
  #closed = false;

  /** @throws WordcountError environment when the file can't be made */
  constructor(path: string, plan: RunPlan) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = new HistoryFile(path, plan);
    this.recorder = new HistoryRecorder({
      onEvent: (event) => {
        this.#file.add(event);
        for (const listener of this.#listeners) listener(event);
      },
      onDrained: () => {
        this.#file.flush();
      },
    });
  }

  /** To be called before the first event. */
  listen(listener: (event: HistoryEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Hands on the last events; all members have ended. May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.recorder.close();
    this.#file.close();
  }

  /** For a run that found nothing; a folder that was made for it and is empty goes too. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
    try {
      rmdirSync(dirname(this.path));
    } catch {
      // There are other histories in it.
    }
  }
}
