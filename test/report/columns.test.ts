import { expect, test } from 'vitest';
import { renderColumns } from '../../src/report/columns.ts';

test('aligns, paints after padding, ends no line in white space', () => {
  const text = renderColumns([
    { title: 'n', align: 'right', cells: ['1', '22'] },
    { title: 'name', align: 'left', cells: ['a', 'b'], paint: (cell, row) => `<${row}${cell}>` },
    { title: 'longer', align: 'left', cells: ['x', ''] },
  ]);
  expect(text).toBe(['  n'.slice(1) + '  name  longer', ' 1  <0a   >  x', '22  <1b   >'].join('\n'));
});

test('without rows there are only titles', () => {
  expect(renderColumns([{ title: 'n', align: 'right', cells: [] }])).toBe('n');
});
