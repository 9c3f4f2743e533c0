import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinReads, type ReadSoFar } from '../../src/live-run/counted-log.ts';
import { NaiveCount } from '../../src/workload/naive-count.ts';
import type { Reread } from '../../src/workload/reread.ts';

interface ReadRecord {
  readonly offset: number;
  readonly digest: bigint;
  readonly value: string | null;
}

/** Result of one reader for these records of one partition. */
function readOf(records: readonly ReadRecord[]): Pick<Reread, 'partitions' | 'blocks'> {
  const ranges: { begin: number; end: number }[] = [];
  const count = new NaiveCount('unicode');
  let [nullRecords, bytes] = [0, 0];
  for (const { offset, value } of records) {
    const last = ranges.at(-1);
    if (last?.end === offset) last.end = offset + 1;
    else ranges.push({ begin: offset, end: offset + 1 });
    count.add(Buffer.from(value ?? ''));
    if (value === null) nullRecords += 1;
    else bytes += value.length;
  }
  const sum = records.reduce((total, { digest }) => total + digest, 0n);
  const { words, counts } = count;
  const totals = { records: records.length, nullRecords, words, distinctWords: counts.size, bytes };
  return {
    partitions: [{ partition: 0, holes: 0, ranges, ...totals, digest: BigInt.asUintN(64, sum) }],
    blocks: count.blocks().map((block) => ({ partition: 0, ...block })),
  };
}

const nothing: ReadSoFar = { partitions: [], words: new Map() };
const record = fc.record({
  // A gap is an offset without a record: a transaction's marker.
  gap: fc.nat({ max: 2 }),
  digest: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  value: fc.constantFrom('a', 'a b', 'c c c', '', null),
});

test('a topic read in pieces equals the topic read at once', () => {
  const boundaries = fc.array(fc.nat({ max: 60 }), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), boundaries, (entries, cuts) => {
      let next = 0;
      const records = entries.map(({ gap, digest, value }) => {
        const offset = next + gap;
        next = offset + 1;
        return { offset, digest, value };
      });
      const edges = [0, ...cuts.sort((a, b) => a - b), Infinity];
      const pieces = edges.slice(1).map((end, index) => {
        return records.filter(({ offset }) => offset >= (edges[index] ?? 0) && offset < end);
      });
      const read = pieces.reduce((sofar, piece) => joinReads(sofar, readOf(piece)), nothing);
      expect(read).toEqual(joinReads(nothing, readOf(records)));
    }),
  );
});
