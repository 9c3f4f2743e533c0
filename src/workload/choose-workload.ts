import { zipfDefaults, type WorkloadFlags } from '../config/options/workload-options.ts';
import { findInputFiles } from './input-files.ts';
import type { Workload } from './workload.ts';

/**
 * The workload that the options select; the default is the book.
 * @throws ClusterError input when a file can't be read or contains no record
 */
export async function chooseWorkload(flags: WorkloadFlags): Promise<Workload> {
  const { input, vocabulary, recordBytes, seed, nonAscii } = flags;
  if (input !== undefined) return { type: 'files', files: await findInputFiles(input) };
  if (vocabulary === undefined && recordBytes === undefined && nonAscii === undefined) return { type: 'book' };
  return {
    type: 'zipf',
    vocabulary: vocabulary ?? zipfDefaults.vocabulary,
    recordBytes: recordBytes ?? zipfDefaults.recordBytes,
    seed: seed ?? zipfDefaults.seed,
    nonAsciiShare: nonAscii ?? zipfDefaults.nonAscii,
  };
}
