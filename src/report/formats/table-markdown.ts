import type { Table } from '../../results/table.ts';
import { escapeMarkdown } from './escape-markdown.ts';

/** Renders the columns of a table in GitHub Flavored Markdown. */
export function renderTableMarkdown({ columns }: Table): string {
  const rows = columns[0]?.cells.map((_, row) => columns.map(({ cells }) => cells[row]?.text ?? '')) ?? [];
  const titles = columns.map(({ title }) => escapeMarkdown(title));
  const rule = columns.map(({ align }) => ({ left: ':---', right: '---:' })[align]);
  const lines = [titles, rule, ...rows.map((cells) => cells.map(escapeMarkdown))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
