import { Worker } from 'node:worker_threads';
import { fromErrorReport, WordcountError } from '../errors.ts';
import type { PacedMessage, PacedOrder, PacedProduction } from './paced-producer-worker.ts';

/** Workers always run the built file, so that a clone and a package run the same code. */
const entry = new URL('../../dist/workload/paced-producer-worker.js', import.meta.url);

/** The main thread's side of a producer that keeps a schedule in a separate thread. */
export class PacedProducer {
  /** Resolves when the client is connected; rejects when it can't connect. */
  readonly ready: Promise<void>;
  /**
   * Resolves with the bytes of all values when all records are acknowledged; rejects when a record
   * could not be delivered.
   */
  readonly finished: Promise<number>;
  readonly #worker: Worker;

  constructor(task: PacedProduction) {
    this.#worker = new Worker(entry, { name: 'paced-producer', workerData: task, execArgv: [] });
    this.ready = this.#received('ready').then(() => undefined);
    this.finished = this.#received('done').then((message) => (message.type === 'done' ? message.bytes : 0));
    // Each caller waits for only one of the promises. The other must not cause an unhandled
    // rejection.
    this.ready.catch(() => undefined);
    this.finished.catch(() => undefined);
  }

  /** @param startMs - time at which record 0 is due, time/clock.ts */
  start(startMs: number): void {
    this.#worker.postMessage({ type: 'start', startMs } satisfies PacedOrder);
  }

  /** Ends the thread in any state. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #received(type: PacedMessage['type']): Promise<PacedMessage> {
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
