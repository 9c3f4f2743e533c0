const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/**
 * A bar of `value` in front of its `ideal`, on a scale where `full` is `width` cells: solid up to
 * the value, dots from there to the ideal. Exact to an eighth of a cell.
 */
export function renderBar(options: {
  readonly value: number;
  readonly ideal: number;
  readonly full: number;
  readonly width: number;
}): string {
  const { value, ideal, full, width } = options;
  const units = Math.min(width * 8, Math.round((value / full) * width * 8));
  const solid = '█'.repeat(Math.floor(units / 8)) + (eighths[units % 8] ?? '');
  const idealCells = Math.round((Math.min(ideal, full) / full) * width);
  return `${solid}${'·'.repeat(Math.max(0, idealCells - solid.length))}`.padEnd(width);
}
