import { ClusterError } from '../errors.ts';
import { badFigure } from '../results/figures.ts';

/**
 * Renders indented JSON with each list of numbers on one line, so that long series stay readable.
 * @throws ClusterError internal when a number is not finite: JSON would contain null, which readers
 * reject
 */
export function renderReportJson(value: unknown): string {
  const bad = badFigure(value, { negativeAllowed: true });
  if (bad !== undefined) throw new ClusterError('internal', `${bad} is not a finite number, so it cannot be reported`);
  const text = JSON.stringify(value, undefined, 2);
  // JSON strings never contain raw line breaks, so this matches lists only.
  return `${text.replaceAll(/\[\n\s+(-?\d[^[\]{}"]*?)\n\s+\]/g, (_, numbers: string) => `[${numbers.replaceAll(/\s+/g, ' ')}]`)}\n`;
}
