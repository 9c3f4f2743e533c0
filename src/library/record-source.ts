import { vocabularyMax, type WorkloadFlags } from '../config/options/workload-options.ts';
import { chooseWorkload } from '../workload/choose-workload.ts';
import type { Workload } from '../workload/workload.ts';
import { requireCount } from './require-valid.ts';

/**
 * What records consist of: lines of text files, or seeded words with the frequencies of a natural
 * language. Without either they are the lines of Moby-Dick, 66 bytes on average.
 */
export interface RecordContents {
  /**
   * Text files, and folders with text files: each line is a record, without its line end. They are
   * read more than once, so they cannot be pipes.
   */
  readonly input?: readonly string[];
  /** Seeded words: the same settings give the same bytes. */
  readonly words?: {
    /** Number of different words, 1 to 10,000,000. Default: 100,000. */
    readonly vocabulary?: number;
    /** Bytes of each record, 1 to 1,048,576. Default: 66. */
    readonly recordBytes?: number;
    /** Whole number from 0 to 2^32 - 1. Default: 1. */
    readonly seed?: number;
    /** Share of words in other scripts than Latin, 0 to 1. Default: 0. */
    readonly nonAscii?: number;
  };
}

/** The contents as the options of a command select them. */
export function workloadFlags({ input, words }: RecordContents): WorkloadFlags {
  if (input !== undefined) return { input };
  if (words === undefined) return {};
  const { vocabulary = 100_000, ...others } = words;
  requireCount('words.vocabulary', vocabulary, { min: 1, max: vocabularyMax });
  const { recordBytes, seed } = others;
  if (recordBytes !== undefined) requireCount('words.recordBytes', recordBytes, { min: 1, max: 1_048_576 });
  if (seed !== undefined) requireCount('words.seed', seed, { min: 0, max: 2 ** 32 - 1 });
  return { vocabulary, ...others };
}

/** @throws ClusterError input when a file can't be read or there is no record */
export function workloadOf(contents: RecordContents): Promise<Workload> {
  return chooseWorkload(workloadFlags(contents));
}
