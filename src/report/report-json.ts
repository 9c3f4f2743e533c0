/** Indented JSON whose lists of numbers take a line each: people read it, and a series of hundreds of numbers stays short. */
export function renderReportJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  // A line end never stands within a JSON string, so this finds lists only.
  return `${text.replaceAll(/\[\n\s+(-?\d[^[\]{}"]*?)\n\s+\]/g, (_, numbers: string) => `[${numbers.replaceAll(/\s+/g, ' ')}]`)}\n`;
}
