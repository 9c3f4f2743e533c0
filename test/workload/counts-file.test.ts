import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderJson, renderTsv, topOf } from '../../src/report/counts-text.ts';
import { parseCountsFile } from '../../src/workload/counts-file.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'é', '漢', '_', '1', '\u{1d400}'), minLength: 1 });
const words = fc.array(fc.record({ word, count: fc.integer({ min: 1, max: 2 ** 40 }) }));
const ranges = [{ partition: 0, begin: 3, end: 9, records: 5 }];
const summary = { topic: 't', topicId: 'ab', partitions: 1, records: 1, words: 1, distinctWords: 1, ranges };

test('reads TSV and JSON as `counts` has written them', () => {
  fc.assert(
    fc.property(words, (counts) => {
      const pairs = counts.map(({ word, count }) => [word, count]);
      const file = { counts: pairs, coverage: { topic: 't', topicId: 'ab', ranges } };
      expect(parseCountsFile([...renderTsv(summary, counts)].join(''), 'f')).toEqual(file);
      expect(parseCountsFile([...renderJson(summary, counts)].join(''), 'f')).toEqual(file);
    }),
  );
});

test.each([
  [2, '2 most frequent words'],
  [1, 'most frequent word'],
])('refuses a file that --top %d has cut off, and no other', (top, words) => {
  const counts = ['b', 'a'].slice(0, top).map((word) => ({ word, count: 4 }));
  for (const render of [renderTsv, renderJson]) {
    const written = (distinctWords: number): string =>
      [...render({ ...summary, distinctWords, ...topOf(top, distinctWords) }, counts)].join('');
    expect(() => parseCountsFile(written(top + 1), 'top.tsv')).toThrow(`top.tsv holds only the ${words} (--top)`);
    expect(parseCountsFile(written(top), 'f').counts).toHaveLength(top);
  }
  expect(parseCountsFile('{"top": 1, "a": 2}', 'f').counts).toHaveLength(2);
});

test('also reads an object of counts by word, and CRLF', () => {
  const counts = [
    ['a', 1],
    ['b', 2],
  ];
  expect(parseCountsFile('{"a": 1, "b": 2}', 'f')).toEqual({ counts, coverage: undefined });
  expect(parseCountsFile('a\t1\r\nb\t2', 'f')).toEqual({ counts, coverage: undefined });
  expect(parseCountsFile('# of ours\na\t1\n#{"topic": 1}\nb\t2', 'f')).toEqual({ counts, coverage: undefined });
});

test.each([
  ['a 1', /f line 1 is not of the form word, tab, count/],
  ['a\t1\n\nb\t2', /f line 2/],
  ['a\t1\nb\t-2', /f line 2/],
  ['a\t1.5', /f line 1/],
  ['a\t99999999999999999999', /f line 1/],
  ['{"counts": [["a", "1"]]}', /f is not a JSON object of counts/],
  ['{"a": {"b": 1}}', /f is not a JSON object of counts/],
  ['{"a": 1', /f is not a JSON object of counts/],
])('%j is refused', (text, message) => {
  expect(() => parseCountsFile(text, 'f')).toThrow(message);
});
