import { WordcountError } from '../errors.ts';
import { badFigure } from './figures.ts';

/**
 * Indented JSON whose lists of numbers take a line each: people read it, and a series of hundreds of numbers stays short.
 * @throws WordcountError internal when a number is not finite: JSON would have null for it, and nobody could read that again
 */
export function renderReportJson(value: unknown): string {
  const bad = badFigure(value, { negativeAllowed: true });
  if (bad !== undefined)
    throw new WordcountError('internal', `${bad} is not a finite number, so it cannot be reported`);
  const text = JSON.stringify(value, undefined, 2);
  // A line end never stands within a JSON string, so this finds lists only.
  return `${text.replaceAll(/\[\n\s+(-?\d[^[\]{}"]*?)\n\s+\]/g, (_, numbers: string) => `[${numbers.replaceAll(/\s+/g, ' ')}]`)}\n`;
}
