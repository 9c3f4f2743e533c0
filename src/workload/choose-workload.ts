import { WordcountError } from '../errors.ts';
import { findInputFiles } from './input-files.ts';
import type { Workload } from './workload.ts';

/** The options that say what records are made of, as given; without any of them it is the book. */
export interface WorkloadOptions {
  /** Files and folders of --input. */
  readonly input?: readonly string[];
  readonly vocabulary?: number;
  readonly recordBytes?: number;
  readonly seed?: number;
  /** Share, 0 to 1. */
  readonly nonAscii?: number;
}

export const zipfDefaults = { vocabulary: 100_000, recordBytes: 66, seed: 1, nonAscii: 0 } as const;

/** @throws WordcountError usage when options exclude each other, input when a file can't be read or there are no records */
export async function chooseWorkload(options: WorkloadOptions): Promise<Workload> {
  const { input, vocabulary, recordBytes, seed, nonAscii } = options;
  const seeded = [
    ['--vocabulary', vocabulary],
    ['--record-bytes', recordBytes],
    ['--non-ascii', nonAscii],
  ].find(([, value]) => value !== undefined)?.[0];
  if (input !== undefined) {
    if (seeded === undefined) return { type: 'files', files: await findInputFiles(input) };
    throw new WordcountError('usage', `--input and ${seeded} are mutually exclusive`, {
      hint: `omit one of them: records come either from files or from seeded random words`,
    });
  }
  if (seeded === undefined) return { type: 'book' };
  return {
    type: 'zipf',
    vocabulary: vocabulary ?? zipfDefaults.vocabulary,
    recordBytes: recordBytes ?? zipfDefaults.recordBytes,
    seed: seed ?? zipfDefaults.seed,
    nonAsciiShare: nonAscii ?? zipfDefaults.nonAscii,
  };
}
