import { LastingTrouble, type LastingTroubleOptions } from '../cluster/lasting-trouble.ts';
import type { Connection } from '../config/connection.ts';
import { toClusterError } from '../errors.ts';
import type { PartitionOffsets } from '../kafka/cluster-facts.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { sleep } from '../time/sleep.ts';
import { nowMs } from '../time/clock.ts';

const timeoutMs = 2_000;

export interface EndOffsetWatchOptions extends LastingTroubleOptions {
  readonly connection: Connection;
  readonly topic: string;
  /** Pause between two requests. */
  readonly intervalMs: number;
  /** Receives the offsets of all partitions that have a leader. */
  readonly onOffsets: (offsets: readonly PartitionOffsets[]) => void;
}

/** Reads the topic's offsets periodically. */
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
    const { connection, topic, intervalMs, onOffsets } = this.#options;
    const { signal } = this.#ended;
    const trouble = new LastingTrouble(this.#options);
    let admin: Admin | undefined;
    while (!signal.aborted) {
      try {
        admin ??= await Admin.connect(connection, { timeoutMs });
        onOffsets(await admin.offsets(topic, { withLeader: true }));
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
