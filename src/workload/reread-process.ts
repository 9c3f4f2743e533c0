import type { Connection } from '../config/connection.ts';
import { toErrorReport, type ErrorReport } from '../errors.ts';
import { readIndependently, type OffsetRange } from '../kafka/kafkajs/independent-reader.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import type { DataRange, Totals } from '../verify/check.ts';
import { NaiveCount, type CountBlock } from './naive-count.ts';
import { recordDigest } from './record-digest.ts';

/** The only message to the process. */
export interface RereadTask {
  readonly connection: Connection;
  readonly topic: string;
  readonly ranges: readonly OffsetRange[];
  readonly tokenizer: Tokenizer;
  readonly timeoutMs: number;
}

/** The process's response. */
export type RereadAnswer =
  | { readonly type: 'read'; readonly partitions: readonly ReadPartition[]; readonly blocks: readonly PartitionBlock[] }
  | { readonly type: 'failed'; readonly error: ErrorReport };

/** Words of one partition. A word that occurs in several partitions is in several blocks. */
export interface PartitionBlock extends CountBlock {
  readonly partition: number;
}

/** Evidence about one partition, read by an independent client. */
export interface ReadPartition extends Totals {
  readonly partition: number;
  /** Offsets without a record, because compaction removed it. */
  readonly holes: number;
  readonly ranges: readonly DataRange[];
}

class Reading {
  readonly count: NaiveCount;
  readonly #ranges: { begin: number; end: number }[] = [];
  #nullRecords = 0;
  #bytes = 0;
  #digest = 0n;

  constructor(tokenizer: Tokenizer) {
    this.count = new NaiveCount(tokenizer);
  }

  add(partition: number, offset: number, value: Uint8Array | null): void {
    const last = this.#ranges.at(-1);
    if (last?.end === offset) last.end = offset + 1;
    else this.#ranges.push({ begin: offset, end: offset + 1 });
    this.count.add(value ?? new Uint8Array(0));
    if (value === null) this.#nullRecords += 1;
    else this.#bytes += value.length;
    this.#digest = BigInt.asUintN(64, this.#digest + recordDigest(partition, offset, value?.length ?? -1));
  }

  result(partition: number, holes: number): ReadPartition {
    const { records, words, counts } = this.count;
    return {
      ...{ partition, holes, ranges: this.#ranges, digest: this.#digest },
      ...{ records, nullRecords: this.#nullRecords, words, distinctWords: counts.size, bytes: this.#bytes },
    };
  }
}

const orphaned = new AbortController();

async function answer(task: RereadTask): Promise<RereadAnswer> {
  try {
    const readings = new Map(task.ranges.map(({ partition }) => [partition, new Reading(task.tokenizer)]));
    const { holes } = await readIndependently(task.connection, {
      topic: task.topic,
      ranges: task.ranges,
      timeoutMs: task.timeoutMs,
      signal: orphaned.signal,
      onRecord: (partition, offset, value) => {
        readings.get(partition)?.add(partition, offset, value);
      },
    });
    return {
      type: 'read',
      partitions: [...readings].map(([partition, reading]) => reading.result(partition, holes.get(partition) ?? 0)),
      blocks: [...readings].flatMap(([partition, { count }]) =>
        count.blocks().map((block) => ({ partition, ...block })),
      ),
    };
  } catch (error) {
    return { type: 'failed', error: toErrorReport(error) };
  }
}

// When the parent process ends, no process waits for the result.
process.on('disconnect', () => {
  orphaned.abort();
});
process.once('message', (task: RereadTask) => {
  void answer(task).then((outcome) => {
    if (!process.connected) return;
    process.send?.(outcome, () => {
      if (process.connected) process.disconnect();
    });
  });
});
