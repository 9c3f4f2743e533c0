import { ClusterError } from '../errors.ts';
import { badFigure } from '../results/figures.ts';

/**
 * Indented JSON in which each list of numbers takes one line, so that long series stay readable.
 * @throws ClusterError internal when a number is not finite: JSON would write null, which no
 * reader accepts
 */
export function renderReportJson(value: unknown): string {
  const bad = badFigure(value, { negativeAllowed: true });
  if (bad !== undefined) throw new ClusterError('internal', `${bad} is not a finite number, so it cannot be reported`);
  const text = JSON.stringify(value, undefined, 2);
  // JSON strings never contain a raw line end, so this matches lists only.
  return `${text.replaceAll(/\[\n\s+(-?\d[^[\]{}"]*?)\n\s+\]/g, (_, numbers: string) => `[${numbers.replaceAll(/\s+/g, ' ')}]`)}\n`;
}
