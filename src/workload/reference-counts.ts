import { machineLimits } from '../config/machine-limits.ts';
import { builtFile } from '../worker-thread.ts';
import { cutFiles } from './file-lines.ts';
import { inclusionEnd, type Inclusion } from './inclusion.ts';
import { mergeCounts, type ReferenceCounts } from './merge-counts.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import type { ReferenceOutcome, ReferenceTask } from './reference-worker.ts';
import { withThreadPool, type PerformTask } from './thread-pool.ts';
import type { Workload } from './workload.ts';

export interface ReferenceOptions {
  /**
   * Number of records that count: the first n of the workload, or for each of P partitions the
   * first n of the records that are in it when record i goes to partition i mod P.
   */
  readonly records: number | readonly number[];
  readonly tokenizer: Tokenizer;
  readonly signal?: AbortSignal;
}

type PerformReference = PerformTask<ReferenceTask, ReferenceOutcome>;

/** With fewer records of seeded words, a second thread costs more than it saves. */
const zipfRecordsPerThreadMin = 20_000;

/**
 * Counts a workload by the definition of a word in separate threads, without reading Kafka.
 * @throws ClusterError input when a file can't be read any more, limit when there are more
 *   distinct words than a Map holds (16.7 million); the signal's reason when it is aborted
 */
export async function referenceCounts(workload: Workload, options: ReferenceOptions): Promise<ReferenceCounts> {
  const threads = machineLimits().cores;
  const file = builtFile('workload/reference-worker.js');
  return withThreadPool({ file, threads, signal: options.signal }, async (perform: PerformReference) => {
    const tasks = await planTasks(workload, options, threads, perform);
    const outcomes = await Promise.all(tasks.map(perform));
    return mergeCounts(outcomes.filter((outcome) => outcome.type === 'counts'));
  });
}

async function planTasks(
  workload: Workload,
  { records, tokenizer }: ReferenceOptions,
  threads: number,
  perform: PerformReference,
): Promise<ReferenceTask[]> {
  const inclusion: Inclusion =
    typeof records === 'number' ? { type: 'first', records } : { type: 'perPartition', limits: records };
  const common = { inclusion, tokenizer };
  switch (workload.type) {
    case 'book':
      return Array.from({ length: threads }, (_, part) => ({ type: 'book', part, parts: threads, ...common }));
    case 'zipf': {
      const end = inclusionEnd(inclusion);
      const parts = Math.max(1, Math.min(threads, Math.floor(end / zipfRecordsPerThreadMin)));
      const cut = (part: number): number => Math.floor((end * part) / parts);
      return Array.from({ length: parts }, (_, part) => ({
        type: 'zipf',
        options: workload,
        firstIndex: cut(part),
        endIndex: cut(part + 1),
        ...common,
      }));
    }
    case 'files': {
      const parts = cutFiles(workload.files, threads);
      const outcomes = await Promise.all(parts.map((ranges) => perform({ type: 'countLines', ranges })));
      const lineCounts = outcomes.map((outcome) => (outcome.type === 'lines' ? outcome.lines : 0));
      const lines = lineCounts.reduce((sum, count) => sum + count, 0);
      let firstLine = 0;
      return parts.map((ranges, part) => {
        const task: ReferenceTask = { type: 'files', ranges, firstLine, lines, ...common };
        firstLine += lineCounts[part] ?? 0;
        return task;
      });
    }
  }
}

export type { ReferenceCounts };
