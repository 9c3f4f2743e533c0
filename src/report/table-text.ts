import type { Table } from '../results/table.ts';
import { renderColumns } from './columns.ts';

/** Renders a table of results as text: its title, then its columns side by side. */
export function renderTableText({ title, columns }: Table): string {
  const texts = columns.map(({ cells, ...column }) => ({ ...column, cells: cells.map(({ text }) => text) }));
  return `${title}\n${renderColumns(texts)}`;
}
