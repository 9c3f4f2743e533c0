import type { Connection } from '../config/connection.ts';
import { toErrorReport } from '../errors.ts';
import { readIndependently, type OffsetRange } from '../kafka/kafkajs/independent-reader.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import { NaiveCount, type CountBlock } from './naive-count.ts';
import type { TaskFailed } from './thread-pool.ts';

export interface RecountTask {
  readonly connection: Connection;
  readonly topic: string;
  readonly ranges: readonly OffsetRange[];
  readonly tokenizer: Tokenizer;
  readonly timeoutMs: number;
  /** One number in shared memory: records that all tasks of a recount have read. */
  readonly progress: BigInt64Array<SharedArrayBuffer>;
}

export interface RecountedPartition {
  readonly partition: number;
  readonly records: number;
  /** Offsets without a record, because compaction removed it. */
  readonly holes: number;
}

export type RecountOutcome =
  | {
      readonly type: 'counts';
      readonly records: number;
      readonly words: number;
      readonly blocks: readonly CountBlock[];
      readonly partitions: readonly RecountedPartition[];
    }
  | TaskFailed;

const progressStep = 1_000;

/** Runs in a thread of a pool. */
export default async function runRecountTask(task: RecountTask): Promise<RecountOutcome> {
  const count = new NaiveCount(task.tokenizer);
  const nothing = new Uint8Array(0);
  const records = new Map(task.ranges.map(({ partition }) => [partition, 0]));
  try {
    const { holes } = await readIndependently(task.connection, {
      topic: task.topic,
      ranges: task.ranges,
      timeoutMs: task.timeoutMs,
      onRecord: (partition, _offset, value) => {
        records.set(partition, (records.get(partition) ?? 0) + 1);
        // A null value contains no words, as an empty one does.
        count.add(value ?? nothing);
        if (count.records % progressStep === 0) Atomics.add(task.progress, 0, BigInt(progressStep));
      },
    });
    const partitions = [...records].map(([partition, found]) => {
      return { partition, records: found, holes: holes.get(partition) ?? 0 };
    });
    return { type: 'counts', records: count.records, words: count.words, blocks: count.blocks(), partitions };
  } catch (error) {
    return { type: 'failed', error: toErrorReport(error) };
  }
}
