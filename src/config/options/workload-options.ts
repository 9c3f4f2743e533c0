import { ClusterError } from '../../errors.ts';
import { defineOption, defineRepeatable, type FlagsOf, type ValueKind } from './option.ts';
import { onlyOne, type Rule } from './rules.ts';
import { anyText, countFrom } from './values.ts';

/** Settings of seeded words that are not given on the command line. */
export const zipfDefaults = { vocabulary: 100_000, recordBytes: 66, seed: 1, nonAscii: 0 } as const;
export const vocabularyMax = 10_000_000;

/** A share as a plain number; unlike other shares, it is never a percentage. */
const plainShare: ValueKind<number> = {
  parse: (flag, text) => {
    const share = /^(0|1|0?\.\d+|1\.0+)$/.test(text.trim()) ? Number(text) : NaN;
    if (share >= 0 && share <= 1) return share;
    throw new ClusterError('usage', `${flag}: '${text}' is not a share from 0 to 1`, {
      hint: 'write 0.2 for a fifth',
    });
  },
  allowed: '0 to 1',
  show: String,
};

/** Options that select the contents of records; without any of them it is the book. */
export const workloadOptions = {
  input: defineRepeatable({
    flag: '--input <path...>',
    help: 'text files, or folders with text files: each line is a record',
    value: anyText,
  }),
  vocabulary: defineOption({
    flag: '--vocabulary <count>',
    help: 'produce seeded words instead of a book: number of distinct words',
    value: countFrom(1, vocabularyMax),
    defaultText: String(zipfDefaults.vocabulary),
  }),
  recordBytes: defineOption({
    flag: '--record-bytes <count>',
    help: 'seeded words: bytes in each record',
    unit: 'bytes',
    value: countFrom(1, 1_048_576),
    defaultText: String(zipfDefaults.recordBytes),
  }),
  nonAscii: defineOption({
    flag: '--non-ascii <share>',
    help: 'seeded words: share of words in other scripts, 0 to 1',
    value: plainShare,
    defaultText: String(zipfDefaults.nonAscii),
  }),
};

export const numRecordsOption = defineOption({
  flag: '--num-records <count>',
  help: 'number of records, for example 10m; the input is repeated as often as needed',
  unit: 'records',
  value: countFrom(1, 1e12),
  defaultText: 'depends on the source of the records',
});

/** @param help - what the seed decides */
export const seedValue = countFrom(0, 2 ** 32 - 1);

/** The values of the options, with the seed of the command. */
export type WorkloadFlags = FlagsOf<typeof workloadOptions> & { readonly seed?: number };

export const workloadRules: readonly Rule<FlagsOf<typeof workloadOptions>>[] = (
  ['vocabulary', 'recordBytes', 'nonAscii'] as const
).map((seeded) => onlyOne(['input', seeded], 'records come from files or are seeded words'));
