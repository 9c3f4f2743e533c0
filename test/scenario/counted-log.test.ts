import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeRereads } from '../../src/scenario/counted-log.ts';
import type { Reread } from '../../src/workload/reread.ts';

interface ReadRecord {
  readonly offset: number;
  readonly digest: bigint;
  readonly word: string;
}

/** What one reader finds in these records of one partition. */
function readOf(records: readonly ReadRecord[]): Reread {
  const ranges: { begin: number; end: number }[] = [];
  const counts = new Map<string, number>();
  for (const { offset, word } of records) {
    const last = ranges.at(-1);
    if (last?.end === offset) last.end = offset + 1;
    else ranges.push({ begin: offset, end: offset + 1 });
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const digest = BigInt.asUintN(
    64,
    records.reduce((sum, record) => sum + record.digest, 0n),
  );
  return { partitions: [{ partition: 0, ranges, records: records.length, digest }], counts };
}

test('a topic read in two pieces is the topic read at once', () => {
  const record = fc.record({
    // A gap is an offset without a record: a transaction's marker.
    gap: fc.nat({ max: 2 }),
    digest: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    word: fc.constantFrom('a', 'b', 'c'),
  });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), fc.nat({ max: 60 }), (entries, boundary) => {
      let next = 0;
      const records = entries.map(({ gap, digest, word }) => {
        const offset = next + gap;
        next = offset + 1;
        return { offset, digest, word };
      });
      const before = records.filter(({ offset }) => offset < boundary);
      const after = records.filter(({ offset }) => offset >= boundary);
      expect(mergeRereads(readOf(before), readOf(after))).toEqual(readOf(records));
    }),
  );
});
