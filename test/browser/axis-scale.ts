import type { drawingOf } from './in-page.js';

type Ticks = ReturnType<typeof drawingOf>['x'];

/**
 * Returns a function that converts pixels along an axis to values, using only the tick labels.
 * @param kind - whether equal distances represent equal differences or equal ratios
 */
export function axisScale(ticks: Ticks, kind: 'linear' | 'log' = 'linear'): (px: number) => number {
  if (kind === 'log') {
    const exponent = scaleOf(ticks, (text) => Math.log(valueOf(text)));
    return (px) => Math.exp(exponent(px));
  }
  return scaleOf(ticks, valueOf);
}

function scaleOf(ticks: Ticks, valueOf: (text: string) => number): (px: number) => number {
  const labelled = ticks.filter(({ text }) => text !== '');
  const [first, last] = [labelled[0], labelled.at(-1)];
  if (first === undefined || last === undefined || first.at === last.at) throw new Error('an axis needs two labels');
  const perPx = (valueOf(last.text) - valueOf(first.text)) / (last.at - first.at);
  return (px) => valueOf(first.text) + perPx * (px - first.at);
}

const factors: Readonly<Record<string, number>> = { k: 1_000, M: 1_000_000 };

function valueOf(text: string): number {
  const match = /^(-?[\d.]+) ?([kM%]?)$/.exec(text.replace('−', '-'));
  if (match === null) throw new Error(`no number on an axis: ${text}`);
  return Number(match[1]) * (factors[match[2] ?? ''] ?? 1);
}
