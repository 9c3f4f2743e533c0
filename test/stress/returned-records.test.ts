import { expect, test } from 'vitest';
import { splitReturned } from '../../src/stress/returned-records.ts';

// Seen with Kafka 3.9.2 and 4.3.1: both brokers were killed 0.6 s after records 320 to 519 of a
// partition were deleted.
test('records are deleted for good only if their partition begins behind them when all brokers are up', () => {
  const ranges = [
    { partition: 0, firstOffset: 320, lastOffset: 519 },
    { partition: 1, firstOffset: 10, lastOffset: 209 },
    { partition: 2, firstOffset: 0, lastOffset: 199 },
  ];
  const { deleted, returned } = splitReturned(ranges, [0, 210, 199]);
  expect(deleted.map(({ partition }) => partition)).toEqual([1]);
  expect(returned.map(({ partition }) => partition)).toEqual([0, 2]);
});
