import type { HistoryEvent } from '../../history/event.ts';
import type { Check, CheckContext, CheckFold, Evidence, Judged, PartitionEvidence, Violation } from '../check.ts';
import { PartitionMap } from '../partition-map.ts';

export const exactlyOnce: Check = {
  id: 'V4',
  name: 'exactly once',
  definition:
    'For every partition the records and the digest of the batches, of the table, and of the independent reader below the table’s nextOffset are the same three times, at least as many as the producer had acknowledged, and every word is counted as often as in the reference.',
  start: (context, report) => new Totals(context, report),
};

interface Sums {
  records: number;
  digest: bigint;
  nextOffset: number;
}

class Totals implements CheckFold {
  readonly #report: (violation: Violation) => void;
  readonly #sums: PartitionMap<Sums>;

  constructor({ beginOffsets }: CheckContext, report: (violation: Violation) => void) {
    this.#report = report;
    this.#sums = new PartitionMap((partition) => ({
      records: 0,
      digest: 0n,
      nextOffset: beginOffsets[partition] ?? 0,
    }));
  }

  add(event: HistoryEvent): void {
    if (event.type === 'advanced') this.#sums.get(event.partition).nextOffset = event.nextOffset;
    if (event.type !== 'batchApplied') return;
    const sums = this.#sums.get(event.partition);
    sums.records += event.records;
    sums.digest = BigInt.asUintN(64, sums.digest + event.digest);
    sums.nextOffset = event.lastOffset + 1;
  }

  finish({ partitions, words }: Evidence): Judged {
    for (const partition of partitions ?? []) this.#judge(partition);
    if (words !== undefined && words.differing > 0) {
      const listed = words.differences.join('; ');
      this.#report({
        message: `${words.differing} words are not counted as often as they occur: ${listed}`,
        tickets: [],
      });
    }
    const missing = [
      ...(partitions === undefined ? ['the topic was not read again'] : []),
      ...(words === undefined ? ['words were not compared'] : []),
    ];
    return missing.length === 0 ? {} : { skipped: missing.join(', ') };
  }

  #judge({ partition, table, read, endOffset, acknowledged }: PartitionEvidence): void {
    const sums = this.#sums.get(partition);
    const expect = (what: string, found: unknown, expected: unknown): void => {
      if (found === expected) return;
      const message = `partition ${partition}: ${what}: ${String(found)}, not ${String(expected)}`;
      this.#report({ message, partition, tickets: [] });
    };
    expect('records in batches, against the table', sums.records, table.records);
    expect('digest of batches, against the table', sums.digest, table.digest);
    expect('next offset by the batches, against the table', sums.nextOffset, table.nextOffset);
    expect('records in the table, against the reader', table.records, read.records);
    expect('digest of the table, against the reader', table.digest, read.digest);
    const complete = endOffset !== undefined && table.nextOffset >= endOffset;
    if (complete && acknowledged !== undefined && read.records < acknowledged) {
      expect('records that the reader found, at least', read.records, acknowledged);
    }
  }
}
