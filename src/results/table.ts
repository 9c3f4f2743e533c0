/** A cell of a table: its text, and the exact number that it represents, if any. */
export interface Cell {
  readonly text: string;
  readonly value?: number;
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** One cell per row. */
  readonly cells: readonly Cell[];
}

/** A format-independent table of results. Text, Markdown and HTML have one renderer each. */
export interface Table {
  readonly title: string;
  /** The first column contains the row headers. */
  readonly columns: readonly Column[];
}

/** A column definition, independent of the rows. */
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

/** @param valueOf - returns undefined for an unknown value, which is shown as a dash */
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
