import { expect, test } from 'vitest';
import { coveredRange, throwIfCompacted } from '../../src/workload/covered-range.ts';

const coverage = {
  topic: 't',
  topicId: 'a',
  ranges: [
    { partition: 0, begin: 0, end: 10, records: 10 },
    { partition: 1, begin: 5, end: 5, records: 0 },
  ],
};
const present = { topic: 't', topicId: 'a', beginOffsets: [0, 5], endOffsets: [10, 5], heldBack: [] };

test('counts a topic that has grown, also in partitions, up to the end of the file', () => {
  const grown = { ...present, beginOffsets: [0, 8, 0], endOffsets: [30, 20, 7] };
  expect(coveredRange(coverage, grown, 'f')).toMatchObject({ beginOffsets: [0, 5, 0], endOffsets: [10, 5, 0] });
});

test.each([
  [{ ...present, beginOffsets: [4, 5] }, 'partition 0 began at offset 0 and now begins at 4'],
  [{ ...present, endOffsets: [9, 5] }, 'partition 0 ended at offset 10 and now ends at 9'],
  [{ ...present, topicId: 'b' }, 'was deleted and recreated since f was written'],
  [{ ...present, topic: 'u' }, "f holds the counts of topic 't', not of 'u' (--topic)"],
])('%j does not hold what was counted', (range, message) => {
  expect(() => coveredRange(coverage, range, 'f')).toThrow(message);
});

test('fewer records are attributed to compaction only where offsets are missing', () => {
  const found = (records: number, holes: number) => [{ partition: 0, records, holes }];
  expect(() => {
    throwIfCompacted(coverage, found(7, 3));
  }).toThrow('partition 0 has 7 of 10 records left');
  throwIfCompacted(coverage, found(7, 0));
  throwIfCompacted(coverage, found(10, 3));
});
