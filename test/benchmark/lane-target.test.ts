import fc from 'fast-check';
import { expect, test } from 'vitest';
import { workLaneEnds } from '../../src/benchmark/lane-target.ts';
import { largest } from '../../src/statistics/extremes.ts';

const partition = fc.record({ begin: fc.nat(1e9), records: fc.nat(1e6) });
const topic = fc.array(partition, { minLength: 1, maxLength: 64 });

test('lane work ends within the topic and reads equal shares of sufficiently long partitions', () => {
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
      // Rounding adds up to half a record per partition; at least one record of each is read.
      const serviceMs = (partitions.length * most * workUs) / 1_000;
      expect(most === 1 || serviceMs <= 6_000 + (partitions.length * workUs) / 2_000).toBe(true);
    }),
  );
});

test('lane work takes one member 6 s of service time', () => {
  const range = { beginOffsets: [0, 0, 0, 100], endOffsets: [1e6, 1e6, 1e6, 1e6] };
  expect(workLaneEnds(range, 100)).toEqual([15_000, 15_000, 15_000, 15_100]);
});
