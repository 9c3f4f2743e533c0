import type { Connection } from '../config/connection.ts';
import type { HistoryRecorder } from '../history/history-recorder.ts';
import { Admin } from '../kafka/admin.ts';
import { sleep } from '../metrics/sleep.ts';

const intervalMs = 250;
const timeoutMs = 2_000;

/** Records how far the topic is filled, a few times a second: without it nobody knows whether a group that rests has a reason. */
export class EndOffsetWatch {
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;

  constructor(connection: Connection, topic: string, recorder: HistoryRecorder) {
    this.#running = this.#run(connection, topic, recorder);
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #run(connection: Connection, topic: string, recorder: HistoryRecorder): Promise<void> {
    const { signal } = this.#ended;
    let admin: Admin | undefined;
    while (!signal.aborted) {
      try {
        admin ??= await Admin.connect(connection, { timeoutMs });
        for (const { partition, endOffset } of await admin.offsets(topic))
          recorder.record({ type: 'produced', partition, endOffset });
      } catch {
        // Brokers are down: what is not known to be there is held against nobody.
        await admin?.close().catch(() => undefined);
        admin = undefined;
      }
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
    await admin?.close().catch(() => undefined);
  }
}
