import { largest } from '../statistics/extremes.ts';
export interface AlignedColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** One cell per row. */
  readonly cells: readonly string[];
  /** Colours a cell. Called after padding, so that escape codes do not affect the column width. */
  readonly paint?: (cell: string, row: number) => string;
}

/**
 * Renders columns side by side, separated by two spaces, with the titles in the first line. No line
 * has trailing white space.
 */
export function renderColumns(columns: readonly AlignedColumn[]): string {
  const widths = columns.map(({ title, cells }) => largest([title.length, ...cells.map((cell) => cell.length)]));
  const rows = largest([0, ...columns.map(({ cells }) => cells.length)]);
  const line = (row: number): string =>
    columns
      .map(({ title, align, cells, paint }, index) => {
        const text = row < 0 ? title : (cells[row] ?? '');
        const width = widths[index] ?? 0;
        const padded = { left: text.padEnd(width), right: text.padStart(width) }[align];
        return row < 0 || paint === undefined ? padded : paint(padded, row);
      })
      .join('  ')
      .trimEnd();
  return Array.from({ length: rows + 1 }, (_, index) => line(index - 1)).join('\n');
}
