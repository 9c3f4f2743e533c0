import { expect, test } from 'vitest';
import type { Progress } from '../../src/protocol/changelog-format.ts';
import { changelogRanges } from '../../src/workload/changelog-ranges.ts';

const progress = (nextOffset: number, records: number): Progress => ({
  ...{ nextOffset, records, nullRecords: 0, bytes: 0, words: 0, digestLow: 0, digestHigh: 0 },
  ...{ writer: 1, commit: 1, topicId: undefined },
});

test('the counted range begins where the topic begins if all records since then were counted, otherwise at 0', () => {
  const partitions = [
    { partition: 0, progress: progress(10, 10) },
    { partition: 1, progress: progress(10, 6) },
    { partition: 2, progress: progress(10, 6) },
    { partition: 3, progress: undefined },
  ];
  expect(changelogRanges(partitions, { beginOffsets: [0, 4, 5, 7] })).toEqual([
    { partition: 0, begin: 0, end: 10, records: 10 },
    { partition: 1, begin: 4, end: 10, records: 6 },
    { partition: 2, begin: 0, end: 10, records: 6 },
    { partition: 3, begin: 0, end: 0, records: 0 },
  ]);
  expect(changelogRanges(partitions, undefined)[1]).toEqual({ partition: 1, begin: 0, end: 10, records: 6 });
});
