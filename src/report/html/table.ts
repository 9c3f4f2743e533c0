import type { Cell, Table as ResultTable } from '../../results/table.ts';
import { html, type Content, type Markup } from './markup.ts';
import { exact } from './numbers.ts';

export interface TableColumn<Row> {
  readonly title: string;
  /** True to align right with tabular figures. */
  readonly numeric?: boolean;
  readonly cell: (row: Row) => Content;
}

export interface HtmlTable<Row> {
  /** Shown above the table; screen readers read it first. */
  readonly caption: string;
  /** The first column contains the row headers. */
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
}

/**
 * Renders a table inside a container that scrolls horizontally when the table is wider than the
 * page.
 */
export function renderHtmlTable<Row>({ caption, columns, rows }: HtmlTable<Row>): Markup {
  const kind = ({ numeric }: TableColumn<Row>): string => (numeric === true ? 'numeric' : 'text');
  const head = columns.map((column) => html`<th scope="col" class="${kind(column)}">${column.title}</th>`);
  const body = rows.map((row) => {
    const cells = columns.map((column, index) =>
      index === 0
        ? html`<th scope="row" class="${kind(column)}">${column.cell(row)}</th>`
        : html`<td class="${kind(column)}">${column.cell(row)}</td>`,
    );
    return html`<tr>
      ${cells}
    </tr>`;
  });
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

/** Renders a table of results, with exact values as machine-readable attributes. */
export function renderResultTable({ title, columns }: ResultTable): Markup {
  return renderHtmlTable({
    caption: title,
    rows: [...(columns[0]?.cells.keys() ?? [])],
    columns: columns.map((column) => ({
      title: column.title,
      numeric: column.align === 'right',
      cell: (row: number) => cellContent(column.cells[row]),
    })),
  });
}

function cellContent({ text, value }: Cell = { text: '' }): Content {
  return value === undefined ? text : exact(value, text);
}
