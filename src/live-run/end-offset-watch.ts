import { LastingTrouble, type LastingTroubleOptions } from '../cluster/lasting-trouble.ts';
import type { Connection } from '../config/connection.ts';
import { toClusterError } from '../errors.ts';
import type { HistoryRecorder } from '../history/history-recorder.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { sleep } from '../time/sleep.ts';
import { nowMs } from '../time/clock.ts';

const intervalMs = 250;
const timeoutMs = 2_000;

export interface EndOffsetWatchOptions extends LastingTroubleOptions {
  readonly connection: Connection;
  readonly topic: string;
  readonly recorder: HistoryRecorder;
}

/**
 * Records the topic's end offsets a few times per second. The checks need them to decide whether an
 * idle group had records left to count.
 */
export class EndOffsetWatch {
  readonly #options: EndOffsetWatchOptions;
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: EndOffsetWatchOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { connection, topic, recorder } = this.#options;
    const { signal } = this.#ended;
    const trouble = new LastingTrouble(this.#options);
    let admin: Admin | undefined;
    while (!signal.aborted) {
      try {
        admin ??= await Admin.connect(connection, { timeoutMs });
        // Offsets of partitions without a leader are unknown, and unknown offsets lead to no
        // violation.
        for (const { partition, endOffset } of await admin.offsets(topic, { withLeader: true }))
          recorder.record({ type: 'produced', partition, endOffset });
        trouble.worked();
      } catch (error) {
        trouble.failed(toClusterError(error), nowMs());
        await admin?.close().catch(() => undefined);
        admin = undefined;
      }
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
    await admin?.close().catch(() => undefined);
  }
}
