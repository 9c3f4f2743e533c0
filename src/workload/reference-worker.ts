import { toErrorReport } from '../errors.ts';
import { bookLines } from './book.ts';
import { linesBeginningIn, type FileRange } from './file-lines.ts';
import { includes, timesIncluded, type Inclusion } from './inclusion.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import { NaiveCount, type CountBlock } from './naive-count.ts';
import { ZipfWords, type ZipfOptions } from './zipf-words.ts';
import type { TaskFailed } from './thread-pool.ts';

/** One part of a reference count. */
export type ReferenceTask =
  | { readonly type: 'countLines'; readonly ranges: readonly FileRange[] }
  | {
      readonly type: 'files';
      readonly ranges: readonly FileRange[];
      /** Index among all lines of the first line that begins in the ranges. */
      readonly firstLine: number;
      readonly lines: number;
      readonly inclusion: Inclusion;
      readonly tokenizer: Tokenizer;
    }
  | {
      readonly type: 'book';
      /** Lines part, part + parts, part + 2 parts… */
      readonly part: number;
      readonly parts: number;
      readonly inclusion: Inclusion;
      readonly tokenizer: Tokenizer;
    }
  | {
      readonly type: 'zipf';
      readonly options: ZipfOptions;
      readonly firstIndex: number;
      readonly endIndex: number;
      readonly inclusion: Inclusion;
      readonly tokenizer: Tokenizer;
    };

export type ReferenceOutcome =
  | { readonly type: 'lines'; readonly lines: number }
  | {
      readonly type: 'counts';
      readonly records: number;
      readonly words: number;
      readonly blocks: readonly CountBlock[];
    }
  | TaskFailed;

/** Runs in a thread of a pool. */
export default function runReferenceTask(task: ReferenceTask): ReferenceOutcome {
  try {
    if (task.type === 'countLines') return { type: 'lines', lines: countLines(task.ranges) };
    const count = new NaiveCount(task.tokenizer);
    addRecords(task, count);
    return { type: 'counts', records: count.records, words: count.words, blocks: count.blocks() };
  } catch (error) {
    return { type: 'failed', error: toErrorReport(error) };
  }
}

function countLines(ranges: readonly FileRange[]): number {
  let lines = 0;
  for (const range of ranges) {
    const iterator = linesBeginningIn(range);
    while (iterator.next().done !== true) lines += 1;
  }
  return lines;
}

function addRecords(task: Exclude<ReferenceTask, { type: 'countLines' }>, count: NaiveCount): void {
  switch (task.type) {
    case 'files': {
      let line = task.firstLine;
      for (const range of task.ranges) {
        for (const value of linesBeginningIn(range)) {
          const times = timesIncluded(task.inclusion, line, task.lines);
          if (times > 0) count.add(value, times);
          line += 1;
        }
      }
      return;
    }
    case 'book': {
      const { bytes, ends } = bookLines();
      for (let line = task.part; line < ends.length; line += task.parts) {
        const times = timesIncluded(task.inclusion, line, ends.length);
        if (times > 0) count.add(bytes.subarray(line === 0 ? 0 : ends[line - 1], ends[line]), times);
      }
      return;
    }
    case 'zipf': {
      const words = new ZipfWords(task.options);
      const record = new Uint8Array(task.options.recordBytes);
      for (let index = task.firstIndex; index < task.endIndex; index += 1) {
        if (!includes(task.inclusion, index)) continue;
        words.writeRecord(index, record);
        count.add(record);
      }
      return;
    }
  }
}
