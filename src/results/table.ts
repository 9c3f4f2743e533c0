/** A cell of a table: its text, and the exact number that it represents, if any. */
export interface Cell {
  readonly text: string;
  readonly value?: number;
  /** An assessment, which text shows as a colour. */
  readonly tone?: Tone;
}

export type Tone = 'good' | 'doubtful' | 'bad';
export type TableFormat = 'text' | 'markdown' | 'html';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** The formats that show the column; default: all. */
  readonly formats?: readonly TableFormat[];
  /** One cell per row. */
  readonly cells: readonly Cell[];
}

/** A format-independent table of results. Text, Markdown and HTML have one renderer each. */
export interface Table {
  readonly title: string;
  /** The first column contains the row headers. */
  readonly columns: readonly Column[];
  /** The formats that show the table; default: all. */
  readonly formats?: readonly TableFormat[];
  /** Explanations, one per line, below the table. */
  readonly notes?: readonly string[];
}

/** A column definition, independent of the rows. */
export interface ColumnOf<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly formats?: readonly TableFormat[];
  readonly cell: (row: Row) => Cell;
}

export function tableOf<Row>(title: string, rows: readonly Row[], columns: readonly ColumnOf<Row>[]): Table {
  return { title, columns: columns.map(({ cell, ...column }) => ({ ...column, cells: rows.map(cell) })) };
}

/** Pure: the tables that a format shows, with the columns that it shows. */
export function tablesFor(tables: readonly Table[], format: TableFormat): Table[] {
  const isShown = ({ formats }: Pick<Table, 'formats'>): boolean => formats?.includes(format) ?? true;
  return tables.filter(isShown).map((table) => ({ ...table, columns: table.columns.filter(isShown) }));
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
