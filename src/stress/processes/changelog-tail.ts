import type { Connection } from '../../config/connection.ts';
import { ChangelogReader, keyedRow, keyedRowFields } from '../../kafka/native/changelog-reader.ts';
import { sleep } from '../../time/sleep.ts';
import { ChangelogState, type SeenCommit } from './changelog-state.ts';

export interface ChangelogTailOptions {
  readonly connection: Connection;
  readonly topic: string;
  readonly partitions: number;
  readonly onCommit: (partition: number, commit: SeenCommit) => void;
}

const recordsMax = 5_000;
const idleMs = 20;
const fromBegin = -2;

/** Reads a changelog from its begin under read_committed, and follows it. */
export class ChangelogTail {
  readonly states: readonly ChangelogState[];
  readonly #options: ChangelogTailOptions;
  readonly #reader: ChangelogReader;
  #isEnding = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ChangelogTailOptions) {
    this.#options = options;
    const { connection, topic, partitions } = options;
    this.states = Array.from({ length: partitions }, () => new ChangelogState());
    const id = `consumer-cluster-tail-${topic}`;
    this.#reader = new ChangelogReader({
      ...{ connection, topic, clientId: id, groupId: id },
      // Brokers that are down for a while are a part of the test.
      onError: () => undefined,
    });
  }

  /** Next offset of each partition according to its last commit; 0 before the first. */
  get nextOffsets(): number[] {
    return this.states.map(({ progress }) => progress.get('nextOffset') ?? 0);
  }

  start(): void {
    this.#reader.assign(this.states.map((_, partition) => ({ partition, offset: fromBegin })));
    this.#running = this.#run();
    this.#running.catch(() => undefined);
  }

  /** @throws ClusterError with which reading has failed */
  async end(): Promise<void> {
    this.#isEnding = true;
    try {
      await this.#running;
    } finally {
      this.#reader.destroy();
    }
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      const count = this.#reader.read(0, recordsMax);
      for (let row = 0; row < count; row += 1) this.#take(row * keyedRowFields);
      await sleep(count === 0 ? idleMs : 0);
    }
  }

  #take(at: number): void {
    const { rows, values } = this.#reader;
    const number = (field: number): number => rows[at + field] ?? -1;
    const length = number(keyedRow.valueLength);
    // Ends of partitions are rows as well.
    if (length !== 8) return;
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const keyStart = number(keyedRow.keyStart);
    const key = bytes.toString('utf8', keyStart, keyStart + number(keyedRow.keyLength));
    const value = Number(bytes.readBigInt64BE(number(keyedRow.valueStart)));
    const partition = number(keyedRow.partition);
    const commit = this.states[partition]?.take(key, value);
    if (commit !== undefined) this.#options.onCommit(partition, commit);
  }
}
