import { machineLimits } from '../config/machine-limits.ts';
import type { Connection } from '../config/connection.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';
import { builtFile } from '../worker-thread.ts';
import { mergeCounts, type ReferenceCounts } from './merge-counts.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import type { RecountedPartition, RecountOutcome, RecountTask } from './recount-worker.ts';
import { withThreadPool, type PerformTask } from './thread-pool.ts';

export interface RecountOptions {
  readonly tokenizer: Tokenizer;
  /** Longest time without a further record while the brokers do not throttle this client. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called about five times per second with the number of records read. */
  readonly onProgress?: (records: number) => void;
}

export type { RecountedPartition };

export interface Recount extends ReferenceCounts {
  readonly partitions: readonly RecountedPartition[];
}

const progressIntervalMs = 200;

/**
 * Counts a topic up to given offsets by the definition of a word. It runs in separate threads and
 * uses another client than the members do.
 * @throws ClusterError as readIndependently and mergeCounts do; the signal's reason
 */
export async function recount(
  connection: Connection,
  range: Pick<TopicRange, 'topic' | 'beginOffsets' | 'endOffsets'>,
  options: RecountOptions,
): Promise<Recount> {
  const threads = Math.max(1, Math.min(machineLimits().cores, range.endOffsets.length));
  const progress = new BigInt64Array(new SharedArrayBuffer(8));
  const timer = setInterval(() => {
    options.onProgress?.(Number(Atomics.load(progress, 0)));
  }, progressIntervalMs);
  try {
    const { tokenizer, timeoutMs } = options;
    const all = rangesOf(range);
    const tasks = Array.from({ length: threads }, (_, thread): RecountTask => {
      const ranges = all.filter(({ partition }) => partition % threads === thread);
      return { connection, topic: range.topic, ranges, tokenizer, timeoutMs, progress };
    });
    const file = builtFile('workload/recount-worker.js');
    const parts = await withThreadPool(
      { file, threads, signal: options.signal },
      (perform: PerformTask<RecountTask, RecountOutcome>) => Promise.all(tasks.map(perform)),
    );
    return { ...mergeCounts(parts), partitions: parts.flatMap(({ partitions }) => partitions) };
  } finally {
    clearInterval(timer);
  }
}

function rangesOf(
  range: Pick<TopicRange, 'beginOffsets' | 'endOffsets'>,
): { partition: number; begin: number; end: number }[] {
  return range.endOffsets.map((end, partition) => ({ partition, begin: range.beginOffsets[partition] ?? 0, end }));
}
