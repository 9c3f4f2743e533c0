const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/**
 * Renders `value` as a solid bar, followed by dots up to `ideal`. The scale maps `full` to `width`
 * cells; the bar's resolution is an eighth of a cell.
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
