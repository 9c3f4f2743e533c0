import { expect, test } from 'vitest';
import { WordsBelow } from '../../../src/stress/processes/words-below.ts';
import { referenceCounts } from '../../../src/workload/reference-counts.ts';

test('the words below the end offsets are those of the reference', async () => {
  const records = [7_000, 6_999, 1, 0];
  const { counts } = await referenceCounts({ type: 'book' }, { records, tokenizer: 'unicode' });
  const below = new WordsBelow(records.length, 'unicode');
  let expected = 0;
  for (const count of counts.values()) expected += count;
  expect(records.reduce((sum, end, partition) => sum + (below.at(partition, end) ?? 0), 0)).toBe(expected);
  expect(below.at(3, 0)).toBe(0);
  expect(below.at(4, 0)).toBeUndefined();
});
