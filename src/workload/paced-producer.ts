import { Worker } from 'node:worker_threads';
import { fromErrorReport, WordcountError } from '../errors.ts';
import type { PacedMessage, PacedOrder, PacedProduction } from './paced-producer-worker.ts';

/** Workers always run the built file: Node 20 cannot start one from TypeScript. */
const entry = new URL('../../dist/workload/paced-producer-worker.js', import.meta.url);

/** The main thread's side of a producer that keeps a schedule in a thread of its own. */
export class PacedProducer {
  /** Connected. Rejects when it can't be. */
  readonly ready: Promise<void>;
  /** Everything is acknowledged; bytes of all values. Rejects when a record could not be delivered. */
  readonly finished: Promise<number>;
  readonly #worker: Worker;

  constructor(task: PacedProduction) {
    this.#worker = new Worker(entry, { name: 'paced-producer', workerData: task, execArgv: [] });
    this.ready = this.#told('ready').then(() => undefined);
    this.finished = this.#told('done').then((message) => (message.type === 'done' ? message.bytes : 0));
    // Whoever waits for one of them hears of a failure; it must not end the process for the sake of the other.
    this.ready.catch(() => undefined);
    this.finished.catch(() => undefined);
  }

  /** @param startMs - when record 0 is due, metrics/clock.ts */
  start(startMs: number): void {
    this.#worker.postMessage({ type: 'start', startMs } satisfies PacedOrder);
  }

  /** Ends the thread, wherever it is. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #told(type: PacedMessage['type']): Promise<PacedMessage> {
    return new Promise((resolve, reject) => {
      this.#worker.on('message', (message: PacedMessage) => {
        if (message.type === type) resolve(message);
        if (message.type === 'failed') reject(fromErrorReport(message.error));
      });
      this.#worker.on('error', reject);
      this.#worker.on('exit', () => {
        reject(new WordcountError('internal', 'the producer thread ended unexpectedly'));
      });
    });
  }
}
