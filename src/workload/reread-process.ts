import type { Connection } from '../config/connection.ts';
import { toErrorReport, type ErrorReport } from '../errors.ts';
import { readIndependently, type OffsetRange } from '../kafka/independent-reader.ts';
import { NaiveCount, type CountBlock, type Tokenizer } from './naive-count.ts';
import { recordDigest } from './record-digest.ts';

/** What the process is sent, once. */
export interface RereadTask {
  readonly connection: Connection;
  readonly topic: string;
  readonly ranges: readonly OffsetRange[];
  readonly tokenizer: Tokenizer;
  readonly timeoutMs: number;
}

/** What it answers. */
export type RereadAnswer =
  | { readonly type: 'read'; readonly partitions: readonly ReadPartition[]; readonly blocks: readonly CountBlock[] }
  | { readonly type: 'failed'; readonly error: ErrorReport };

export interface ReadPartition {
  readonly partition: number;
  /** Offsets [begin, end) that hold records, without holes, rising. */
  readonly ranges: readonly { readonly begin: number; readonly end: number }[];
  readonly records: number;
  readonly digest: bigint;
}

class Reading {
  readonly #ranges: { begin: number; end: number }[] = [];
  #records = 0;
  #digest = 0n;

  add(partition: number, offset: number, value: Uint8Array | null): void {
    const last = this.#ranges.at(-1);
    if (last?.end === offset) last.end = offset + 1;
    else this.#ranges.push({ begin: offset, end: offset + 1 });
    this.#records += 1;
    this.#digest = BigInt.asUintN(64, this.#digest + recordDigest(partition, offset, value?.length ?? -1));
  }

  result(partition: number): ReadPartition {
    return { partition, ranges: this.#ranges, records: this.#records, digest: this.#digest };
  }
}

const orphaned = new AbortController();

async function answer(task: RereadTask): Promise<RereadAnswer> {
  try {
    const count = new NaiveCount(task.tokenizer);
    const readings = new Map(task.ranges.map(({ partition }) => [partition, new Reading()]));
    await readIndependently(task.connection, {
      topic: task.topic,
      ranges: task.ranges,
      timeoutMs: task.timeoutMs,
      signal: orphaned.signal,
      onRecord: (partition, offset, value) => {
        readings.get(partition)?.add(partition, offset, value);
        count.add(value ?? new Uint8Array(0));
      },
    });
    return {
      type: 'read',
      partitions: [...readings].map(([partition, reading]) => reading.result(partition)),
      blocks: count.blocks(),
    };
  } catch (error) {
    return { type: 'failed', error: toErrorReport(error) };
  }
}

// Whoever started this process may die: then nobody waits for the answer.
process.on('disconnect', () => {
  orphaned.abort();
});
process.once('message', (task: RereadTask) => {
  void answer(task).then((told) => {
    if (!process.connected) return;
    process.send?.(told, () => {
      if (process.connected) process.disconnect();
    });
  });
});
