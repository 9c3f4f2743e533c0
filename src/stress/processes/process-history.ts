import { reasonOf } from '../../errors.ts';
import type { HistorySink } from '../../history/history-file.ts';
import type { ProcessEvent } from './process-event.ts';

const linesMax = 500;

/** Writes the events of a run across processes: a header with the plan, then one line per event. */
export class ProcessHistory {
  readonly #sink: HistorySink;
  readonly #onFailure: (message: string) => void;
  #lines: string[];
  #hasFailed = false;

  /** @param onFailure - called once when the file is incomplete; the run continues */
  constructor(sink: HistorySink, settings: unknown, onFailure: (message: string) => void) {
    this.#sink = sink;
    this.#onFailure = onFailure;
    this.#lines = [JSON.stringify({ format: 'consumer-cluster-process-history', version: 1, settings })];
  }

  add(event: ProcessEvent): void {
    if (this.#hasFailed) return;
    this.#lines.push(JSON.stringify(event));
    if (this.#lines.length >= linesMax) this.#flush();
  }

  close(): void {
    this.#flush();
    this.#try(() => {
      this.#sink.close();
    });
  }

  #flush(): void {
    const text = this.#lines.map((line) => `${line}\n`).join('');
    this.#lines = [];
    this.#try(() => {
      this.#sink.write(text);
    });
  }

  #try(action: () => void): void {
    if (this.#hasFailed) return;
    try {
      action();
    } catch (error) {
      this.#hasFailed = true;
      this.#onFailure(`the history ${this.#sink.path} is incomplete: ${reasonOf(error)}`);
    }
  }
}
