import type { Connection } from '../config/connection.ts';
import { toErrorReport, type ErrorReport } from '../errors.ts';
import { readIndependently, type OffsetRange } from '../kafka/independent-reader.ts';
import { NaiveCount, type CountBlock, type Tokenizer } from './naive-count.ts';

export interface RecountTask {
  readonly connection: Connection;
  readonly topic: string;
  readonly ranges: readonly OffsetRange[];
  readonly tokenizer: Tokenizer;
  readonly timeoutMs: number;
  /** One number in shared memory: records read so far by all tasks of a recount. */
  readonly progress: BigInt64Array<SharedArrayBuffer>;
}

export type RecountOutcome =
  | {
      readonly type: 'counts';
      readonly records: number;
      readonly words: number;
      readonly blocks: readonly CountBlock[];
    }
  | { readonly type: 'failed'; readonly error: ErrorReport };

const progressStep = 1_000;

/** Runs in a thread of a Piscina pool. Errors are data: thrown ones would lose their code on the way. */
export default async function runRecountTask(task: RecountTask): Promise<RecountOutcome> {
  const count = new NaiveCount(task.tokenizer);
  const nothing = new Uint8Array(0);
  try {
    await readIndependently(task.connection, {
      topic: task.topic,
      ranges: task.ranges,
      timeoutMs: task.timeoutMs,
      onRecord: (_partition, _offset, value) => {
        // A null value is a record without words, as an empty one is.
        count.add(value ?? nothing);
        if (count.records % progressStep === 0) Atomics.add(task.progress, 0, BigInt(progressStep));
      },
    });
    return { type: 'counts', records: count.records, words: count.words, blocks: count.blocks() };
  } catch (error) {
    return { type: 'failed', error: toErrorReport(error) };
  }
}
