import { expect, test } from 'vitest';
import { renderTable } from '../../src/report/counts-text.ts';
import { renderVerify } from '../../src/report/verify-text.ts';

test('counts of one have a singular noun', () => {
  const one = { topic: 't', records: 1, words: 1, distinctWords: 1 };
  const lists = { missing: [{ word: 'a', count: 0, reference: 1 }], extra: [], different: [] };
  expect(renderVerify({ ...one, ...lists, differing: 1 }).split('\n')[0]).toBe(
    'different: 1 word; recounted 1 word, 1 distinct, in 1 record of t',
  );
  const table = [...renderTable({ ...one, partitions: 1, ranges: [] }, [])].join('');
  expect(table).toContain('1 word, 1 distinct, in 1 record of t (1 partition)\n');
});
