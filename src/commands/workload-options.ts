import type { Command } from 'commander';
import { WordcountError } from '../errors.ts';
import { zipfDefaults, type WorkloadOptions } from '../workload/choose-workload.ts';
import { vocabularyMax } from '../workload/zipf-words.ts';
import { collect, countOf } from './shared-options.ts';

/** What commander hands over of addWorkloadOptions. */
export type WorkloadFlags = WorkloadOptions & { readonly numRecords?: number };

/** Adds --num-records, --input, --vocabulary, --record-bytes, --non-ascii and --seed. */
export function addWorkloadOptions(command: Command): Command {
  const { vocabulary, recordBytes, seed } = zipfDefaults;
  return command
    .option(
      '--num-records <count>',
      'how many; what there is is repeated as often as needed',
      countOf('--num-records', 1, 1e12),
    )
    .option('--input <path...>', 'files, or folders with files, of text: a record a line', collect)
    .option(
      '--vocabulary <count>',
      `seeded words instead, so many distinct ones (default: ${vocabulary})`,
      countOf('--vocabulary', 1, vocabularyMax),
    )
    .option(
      '--record-bytes <count>',
      `bytes of a record of seeded words (default: ${recordBytes})`,
      countOf('--record-bytes', 1, 1_048_576),
    )
    .option('--non-ascii <share>', 'share of seeded words in other scripts, 0 to 1 (default: 0)', parseShare)
    .option(
      '--seed <number>',
      `of seeded words: the same bytes every time (default: ${seed})`,
      countOf('--seed', 0, 2 ** 32 - 1),
    );
}

function parseShare(text: string): number {
  const share = /^(0|1|0?\.\d+|1\.0+)$/.test(text.trim()) ? Number(text) : NaN;
  if (share >= 0 && share <= 1) return share;
  throw new WordcountError('usage', `--non-ascii: '${text}' is not a share from 0 to 1`);
}
