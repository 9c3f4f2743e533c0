import type { Cell, Table as ResultTable } from '../../results/table.ts';
import { html, type Content, type Markup } from './markup.ts';
import { exact } from './numbers.ts';

export interface TableColumn<Row> {
  readonly title: string;
  /** Set to the right, in figures of one width. */
  readonly numeric?: boolean;
  readonly cell: (row: Row) => Content;
}

export interface HtmlTable<Row> {
  /** Caption, shown above the table and read first by screen readers. */
  readonly caption: string;
  /** The first one names the rows. */
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
}

/** A table in a box that scrolls horizontally when it is wider than the screen. */
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

/** A table of results; its exact numbers are in the page for programs. */
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
