import { expect, test } from 'vitest';
import { renderTable } from '../../src/report/counts-text.ts';
import { renderColumns } from '../../src/report/columns.ts';

test('aligns cells, paints them after padding and trims trailing white space', () => {
  const text = renderColumns([
    { title: 'n', align: 'right', cells: ['1', '22'] },
    { title: 'name', align: 'left', cells: ['a', 'b'], paint: (cell, row) => `<${row}${cell}>` },
    { title: 'longer', align: 'left', cells: ['x', ''] },
  ]);
  expect(text).toBe(['  n'.slice(1) + '  name  longer', ' 1  <0a   >  x', '22  <1b   >'].join('\n'));
});

test('renders only the titles if there are no rows', () => {
  expect(renderColumns([{ title: 'n', align: 'right', cells: [] }])).toBe('n');
});

test('renders more rows than a function call can take arguments', () => {
  const cells = Array.from({ length: 300_000 }, (_, index) => String(index));
  const lines = renderColumns([{ title: 'n', align: 'right', cells }]).split('\n');
  expect(lines.length).toBe(300_001);
  expect(lines.at(-1)).toBe('299999');
  const words = cells.map((word) => ({ word, count: 1 }));
  const summary = { topic: 't', partitions: 1, records: 1, words: 300_000, distinctWords: 300_000, ranges: [] };
  expect([...renderTable(summary, words)]).toHaveLength(300_002);
});
