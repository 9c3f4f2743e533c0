/**
 * Finds the first invalid number in a value: not finite, or negative although that is not allowed.
 * @returns undefined when all numbers are valid; otherwise a path such as `runs[0].durationMs: -5`
 */
export function badFigure(
  value: unknown,
  options: { readonly negativeAllowed: boolean },
  path = '',
): string | undefined {
  if (typeof value === 'number') {
    const isGood = Number.isFinite(value) && (options.negativeAllowed || value >= 0);
    return isGood ? undefined : `${path}: ${value}`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const found = badFigure(inner, options, place);
    if (found !== undefined) return found;
  }
  return undefined;
}
