import type { Table } from '../results/table.ts';
import { painted, type TextOptions } from './colours.ts';
import { renderColumns } from './columns.ts';

/** Renders a table of results as text: its title, its columns side by side, its notes. */
export function renderTableText({ title, columns, notes = [] }: Table, options: TextOptions): string {
  const texts = columns.map(({ title: head, align, cells }) => ({
    ...{ title: head, align, cells: cells.map(({ text }) => text) },
    paint: (cell: string, row: number) => painted(cell, cells[row]?.tone, options),
  }));
  return [title, renderColumns(texts), ...notes].join('\n');
}
