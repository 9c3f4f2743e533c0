import fc from 'fast-check';
import { expect, test } from 'vitest';
import { workLaneEnds } from '../../src/benchmark/lane-target.ts';
import { largest } from '../../src/statistics/extremes.ts';

const partition = fc.record({ begin: fc.nat(1e9), records: fc.nat(1e6) });
const topic = fc.array(partition, { minLength: 1, maxLength: 64 });

test('lane work ends within the topic, with as much of each partition as of the others where there is enough', () => {
  fc.assert(
    fc.property(topic, fc.integer({ min: 1, max: 1_000_000 }), (partitions, workUs) => {
      const beginOffsets = partitions.map(({ begin }) => begin);
      const endOffsets = partitions.map(({ begin, records }) => begin + records);
      const ends = workLaneEnds({ beginOffsets, endOffsets }, workUs);
      const shares = ends.map((end, index) => end - (beginOffsets[index] ?? NaN));
      const most = largest(shares);
      for (const [index, share] of shares.entries()) {
        expect(share).toBe(Math.min(most, partitions[index]?.records ?? NaN));
      }
      // Half a record a partition is the error of rounding; at least one is read of each.
      const serviceMs = (partitions.length * most * workUs) / 1_000;
      expect(most === 1 || serviceMs <= 6_000 + (partitions.length * workUs) / 2_000).toBe(true);
    }),
  );
});

test('6 s of service for one member', () => {
  const range = { beginOffsets: [0, 0, 0, 100], endOffsets: [1e6, 1e6, 1e6, 1e6] };
  expect(workLaneEnds(range, 100)).toEqual([15_000, 15_000, 15_000, 15_100]);
});
