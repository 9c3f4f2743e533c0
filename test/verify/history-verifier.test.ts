import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allChecks } from '../../src/verify/all-checks.ts';
import type { CheckResult } from '../../src/verify/check.ts';
import { verifyHistory } from '../../src/verify/history-verifier.ts';
import { recordDigest } from '../../src/workload/record-digest.ts';
import { context, digestOf, history, type RecordedEvent } from './known-history.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_125);

/** Work of one owner: the sizes of its batches, and the gaps before them. */
const tenure = fc.record({
  member: fc.nat({ max: 4 }),
  batches: fc.array(fc.record({ size: fc.integer({ min: 1, max: 20 }), hole: fc.nat({ max: 2 }) }), { maxLength: 6 }),
  end: fc.constantFrom('released', 'fenced', 'recovered' as const),
});

interface Legal {
  readonly events: readonly RecordedEvent[];
  /** Offsets that hold records. */
  readonly ranges: readonly { readonly begin: number; readonly end: number }[];
  readonly end: number;
}

/** A history as it may be: one owner after the other, each going on where the last one stopped. */
function legal(
  tenures: readonly { member: number; batches: readonly { size: number; hole: number }[]; end: string }[],
): Legal {
  const partition = 0;
  const events: RecordedEvent[] = [];
  const ranges: { begin: number; end: number }[] = [];
  let next = 0;
  for (const [index, { member, batches, end }] of tenures.entries()) {
    const epoch = index + 1;
    events.push({ type: 'assigned', member, partition, generation: epoch });
    events.push({ type: 'acquired', member, partition, epoch, nextOffset: next });
    for (const { size, hole } of batches) {
      const first = next + hole;
      const last = first + size - 1;
      const digest = digestOf(partition, first, last);
      events.push({
        type: 'batchApplied',
        member,
        partition,
        epoch,
        firstOffset: first,
        lastOffset: last,
        records: size,
        words: 2 * size,
        digest,
        toldBy: 'member',
      });
      ranges.push({ begin: first, end: last + 1 });
      next = last + 1;
    }
    if (end === 'recovered') events.push({ type: 'recovered', member, partition, epoch, replayed: false });
    else events.push({ type: end as 'released' | 'fenced', member, partition, epoch });
    events.push({ type: 'revoked', member, partition, generation: epoch });
  }
  return { events, ranges, end: next };
}

function verify({ ranges, end }: Legal, events: readonly RecordedEvent[]): CheckResult[] {
  const records = ranges.reduce((sum, range) => sum + range.end - range.begin, 0);
  const digest = BigInt.asUintN(
    64,
    ranges.reduce((sum, range) => sum + digestOf(0, range.begin, range.end - 1), 0n),
  );
  const totals = { records, nullRecords: 0, words: 2 * records, distinctWords: 20, bytes: 10 * records, digest };
  const evidence = {
    partitions: [{ partition: 0, table: { ...totals, nextOffset: end }, read: { ...totals, ranges } }],
  };
  return verifyHistory(history(events), context, evidence, allChecks);
}

function failed(results: readonly CheckResult[]): readonly string[] {
  return results.filter(({ violationsTotal }) => violationsTotal > 0).map(({ name }) => name);
}

type Batch = Extract<RecordedEvent, { type: 'batchApplied' }>;

/** Ways in which one batch may be wrong. */
const mutations: Record<string, (batch: Batch) => readonly RecordedEvent[]> = {
  dropped: () => [],
  doubled: (batch) => [batch, batch],
  'shifted forwards': (batch) => [{ ...batch, firstOffset: batch.firstOffset + 1, lastOffset: batch.lastOffset + 1 }],
  'shifted backwards': (batch) => [{ ...batch, firstOffset: batch.firstOffset - 1, lastOffset: batch.lastOffset - 1 }],
  'begun too late': (batch) => [{ ...batch, firstOffset: batch.firstOffset + 1, records: batch.records - 1 }],
  'of another member': (batch) => [{ ...batch, member: batch.member + 1 }],
  'of another epoch': (batch) => [{ ...batch, epoch: batch.epoch + 1 }],
  'one record less': (batch) => [{ ...batch, records: batch.records - 1 }],
  'one word less': (batch) => [{ ...batch, words: batch.words - 1 }],
  'one record more': (batch) => [{ ...batch, records: batch.records + 1 }],
  'another record counted instead': (batch) => [
    {
      ...batch,
      digest: BigInt.asUintN(64, batch.digest - recordDigest(0, batch.lastOffset, 10) + recordDigest(0, 0, 11)),
    },
  ],
};

const tenures = fc.array(tenure, { minLength: 1, maxLength: 8 });

test('valid histories pass every check', () => {
  fc.assert(
    fc.property(tenures, (list) => {
      const made = legal(list);
      expect(failed(verify(made, made.events))).toEqual([]);
    }),
    { seed, numRuns: 300 },
  );
});

test.each(Object.entries(mutations))('a check catches one batch that is %s, wherever it is', (_, mutate) => {
  fc.assert(
    fc.property(tenures, fc.nat(), (list, at) => {
      const made = legal(list);
      const batches = made.events.flatMap((event, index) => (event.type === 'batchApplied' ? [index] : []));
      fc.pre(batches.length > 0);
      const index = batches[at % batches.length] ?? 0;
      const changed = made.events.flatMap((event, place) => (place === index ? mutate(event as Batch) : [event]));
      expect(failed(verify(made, changed))).not.toEqual([]);
    }),
    { seed, numRuns: 200 },
  );
});
