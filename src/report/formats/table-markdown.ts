import type { Table } from '../../results/table.ts';
import { escapeMarkdown } from './escape-markdown.ts';

/** Renders a table of results in GitHub Flavored Markdown, below its title. */
export function renderTableMarkdown({ title, columns }: Table): string {
  const rows = columns[0]?.cells.map((_, row) => columns.map(({ cells }) => cells[row]?.text ?? '')) ?? [];
  return `${escapeMarkdown(title)}\n\n${markdownTable(columns, rows)}`;
}

export function markdownTable(
  columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[],
  rows: readonly (readonly string[])[],
): string {
  const titles = columns.map(({ title }) => escapeMarkdown(title));
  const rule = columns.map(({ align }) => (align === 'left' ? ':---' : '---:'));
  const lines = [titles, rule, ...rows.map((cells) => cells.map(escapeMarkdown))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
