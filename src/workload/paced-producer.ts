import { fromErrorReport, ClusterError } from '../errors.ts';
import { builtFile, WorkerThread } from '../worker-thread.ts';
import type { PacedMessage, PacedOrder, PacedProduction } from './paced-producer-worker.ts';

/** The main thread's side of a producer that keeps a schedule in a separate thread. */
export class PacedProducer {
  /** Resolves when the client is connected; rejects when it can't connect. */
  readonly ready: Promise<void>;
  /**
   * Resolves with the bytes of all values when all records are acknowledged; rejects when a record
   * could not be delivered.
   */
  readonly finished: Promise<number>;
  readonly #thread: WorkerThread<PacedOrder, PacedMessage>;

  constructor(task: PacedProduction) {
    const ready = Promise.withResolvers<undefined>();
    const finished = Promise.withResolvers<number>();
    const fail = (error: Error): void => {
      ready.reject(error);
      finished.reject(error);
    };
    this.#thread = new WorkerThread({
      file: builtFile('workload/paced-producer-worker.js'),
      name: 'paced-producer',
      task,
      onMessage: (message) => {
        switch (message.type) {
          case 'ready':
            ready.resolve(undefined);
            break;
          case 'done':
            finished.resolve(message.bytes);
            break;
          case 'failed':
            fail(fromErrorReport(message.error));
        }
      },
    });
    void this.#thread.ended.then(({ error }) => {
      fail(error ?? new ClusterError('internal', 'the producer thread ended unexpectedly'));
    });
    this.ready = ready.promise;
    this.finished = finished.promise;
    // Each caller waits for only one of the promises. The other must not cause an unhandled
    // rejection.
    this.ready.catch(() => undefined);
    this.finished.catch(() => undefined);
  }

  /** @param startMs - time at which record 0 is due, time/clock.ts */
  start(startMs: number): void {
    this.#thread.post({ type: 'start', startMs });
  }

  /** Ends the thread in any state. */
  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}
