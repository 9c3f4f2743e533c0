import { basename } from 'node:path';
import { bookLines } from './book.ts';
import { FileSource } from './file-source.ts';
import type { InputFile } from './input-files.ts';
import { LinesSource, type RecordSource } from './record-source.ts';
import { ZipfSource } from './zipf-source.ts';
import { ZipfWords, type ZipfOptions } from './zipf-words.ts';
import { counted } from '../numbers.ts';

/**
 * What records consist of; plain data, so that it crosses threads. Record i is the same in every
 * thread.
 */
export type Workload =
  | { readonly type: 'book' }
  | { readonly type: 'files'; readonly files: readonly InputFile[] }
  | ({ readonly type: 'zipf' } & ZipfOptions);

/**
 * @param repeat - whether files begin again after their last line; the other workloads have no end
 */
export function openWorkload(workload: Workload, options: { readonly repeat: boolean }): RecordSource {
  switch (workload.type) {
    case 'book':
      return new LinesSource(bookLines());
    case 'files':
      return new FileSource(workload.files, options);
    case 'zipf':
      return new ZipfSource(new ZipfWords(workload), workload.recordBytes);
  }
}

const repeatsByDefault: Readonly<Record<Workload['type'], boolean>> = { book: true, files: false, zipf: true };

/** Number of records without --num-records: files once each, the others `endless` records. */
export function recordsUnlessGiven(workload: Workload, endless: number): number | 'once' {
  return repeatsByDefault[workload.type] ? endless : 'once';
}

/**
 * A description for reports: `Moby-Dick`, `3 files (12.4 MiB)`, `Zipf, 100000 words, 66 bytes, seed
 * 1`.
 */
export function describeWorkload(workload: Workload): string {
  switch (workload.type) {
    case 'book':
      return 'Moby-Dick, lines of 66 bytes on average';
    case 'files': {
      const [first] = workload.files;
      const sizeBytes = workload.files.reduce((sum, file) => sum + file.sizeBytes, 0);
      const what =
        first !== undefined && workload.files.length === 1 ? basename(first.path) : `${workload.files.length} files`;
      return `${what} (${sizeBytes < 1_048_576 ? counted(sizeBytes, 'byte') : `${(sizeBytes / 1_048_576).toFixed(1)} MiB`})`;
    }
    case 'zipf': {
      const { vocabulary, recordBytes, seed, nonAsciiShare } = workload;
      const script = nonAsciiShare === 0 ? '' : `, ${Math.round(nonAsciiShare * 100)} % non-ASCII`;
      return `Zipf words, vocabulary ${vocabulary}, ${counted(recordBytes, 'byte')} per record, seed ${seed}${script}`;
    }
  }
}
