import { html, type Markup } from './markup.ts';

/**
 * Formats with at least three significant digits and without exponent: 0.0123, 4.57, 12.3, 1,235.
 */
export function short(value: number): string {
  const digits = value === 0 ? 0 : Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function times(factor: number): string {
  return `${factor.toFixed(2)}×`;
}

/** A formatted number, with its exact value as a machine-readable attribute. */
export function exact(value: number, text: string): Markup {
  return html`<data value="${String(value)}">${text}</data>`;
}

/** Formats axis labels: 0, 500, 20k, 1.5M. */
export function abbreviated(value: number): string {
  const size = Math.abs(value);
  if (size >= 1_000_000) return `${trimmed(value / 1_000_000)}M`;
  return size >= 1_000 ? `${trimmed(value / 1_000)}k` : trimmed(value);
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(3)));
}
