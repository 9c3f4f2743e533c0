/** A value of a table: its text, and the exact number behind it where there is one. */
export interface Cell {
  readonly text: string;
  readonly value?: number;
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** One per row. */
  readonly cells: readonly Cell[];
}

/** A table of results, free of formats: text, Markdown and HTML each render it in one place. */
export interface Table {
  readonly title: string;
  /** The first one names the rows. */
  readonly columns: readonly Column[];
}

/** A column before its rows are known. */
export interface ColumnOf<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cell: (row: Row) => Cell;
}

export function tableOf<Row>(title: string, rows: readonly Row[], columns: readonly ColumnOf<Row>[]): Table {
  return { title, columns: columns.map(({ cell, ...column }) => ({ ...column, cells: rows.map(cell) })) };
}

export function textColumn<Row>(title: string, textOf: (row: Row) => string): ColumnOf<Row> {
  return { title, align: 'left', cell: (row) => ({ text: textOf(row) }) };
}

/** @param valueOf - undefined for a value that is not known, which is shown as a dash */
export function numberColumn<Row>(
  title: string,
  valueOf: (row: Row) => number | undefined,
  textOf: (value: number) => string,
): ColumnOf<Row> {
  return {
    title,
    align: 'right',
    cell: (row) => {
      const value = valueOf(row);
      return value === undefined ? { text: '-' } : { text: textOf(value), value };
    },
  };
}
