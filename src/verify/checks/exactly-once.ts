import type { HistoryEvent } from '../../history/event.ts';
import type {
  Check,
  CheckContext,
  CheckFold,
  Evidence,
  Judged,
  PartitionEvidence,
  Totals,
  Violation,
} from '../check.ts';
import { PartitionMap } from '../partition-map.ts';
import { counted } from '../../numbers.ts';

export const exactlyOnce: Check = {
  name: 'exactly-once',
  code: 'V4',
  definition:
    'For every partition, the records, words and digest of the applied batches, of the table, and of the independent reader (below the table’s nextOffset) are equal; so are the null records, distinct words and bytes of the table and the reader. The reader finds at least the acknowledged records of the producer, and every word count equals the reference.',
  start: (context, report) => new SumsFold(context, report),
};

/** Display names of the figures in which a table and the reader must agree. */
const totals: Readonly<Record<keyof Totals, string>> = {
  records: 'records',
  nullRecords: 'null records',
  words: 'words',
  distinctWords: 'distinct words',
  bytes: 'bytes',
  digest: 'digest',
};

interface Sums {
  records: number;
  words: number;
  digest: bigint;
  nextOffset: number;
}

class SumsFold implements CheckFold {
  readonly #report: (violation: Violation) => void;
  readonly #sums: PartitionMap<Sums>;

  constructor({ beginOffsets }: CheckContext, report: (violation: Violation) => void) {
    this.#report = report;
    this.#sums = new PartitionMap((partition) => ({
      records: 0,
      words: 0,
      digest: 0n,
      nextOffset: beginOffsets[partition] ?? 0,
    }));
  }

  add(event: HistoryEvent): void {
    if (event.type === 'advanced') this.#sums.get(event.partition).nextOffset = event.nextOffset;
    if (event.type !== 'batchApplied') return;
    const sums = this.#sums.get(event.partition);
    sums.records += event.records;
    sums.words += event.words;
    sums.digest = BigInt.asUintN(64, sums.digest + event.digest);
    sums.nextOffset = event.lastOffset + 1;
  }

  finish({ partitions, words }: Evidence): Judged {
    for (const partition of partitions ?? []) this.#judge(partition);
    if (words !== undefined && words.differing > 0) {
      const listed = words.differences.join('; ');
      this.#report({
        message: `${counted(words.differing, 'word')} with a count that differs from the reference: ${listed}`,
        tickets: [],
      });
    }
    const missing = [
      ...(partitions === undefined ? ['the topic was not reread'] : []),
      ...(words === undefined ? ['words were not compared'] : []),
    ];
    return missing.length === 0 ? {} : { skipped: missing.join(', ') };
  }

  #judge({ partition, table, read, endOffset, acknowledged }: PartitionEvidence): void {
    const sums = this.#sums.get(partition);
    const expect = (what: string, found: unknown, expected: unknown): void => {
      if (found === expected) return;
      const message = `partition ${partition}: ${what}: ${String(found)}, expected ${String(expected)}`;
      this.#report({ message, partition, tickets: [] });
    };
    expect('records in batches (expected: table)', sums.records, table.records);
    expect('words in batches (expected: table)', sums.words, table.words);
    expect('digest of batches (expected: table)', sums.digest, table.digest);
    expect('next offset after the batches (expected: table)', sums.nextOffset, table.nextOffset);
    for (const name of Object.keys(totals) as (keyof Totals)[]) {
      expect(`${totals[name]} of the table (expected: reader)`, table[name], read[name]);
    }
    const complete = endOffset !== undefined && table.nextOffset >= endOffset;
    if (complete && acknowledged !== undefined && read.records < acknowledged) {
      expect('records found by the reader (expected: at least as many as acknowledged)', read.records, acknowledged);
    }
  }
}
