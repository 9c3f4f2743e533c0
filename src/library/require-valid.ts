import { ClusterError } from '../errors.ts';

/**
 * Checks an option that callers without types may set to anything.
 * @throws ClusterError usage unless `value` is a whole number within the range
 */
export function requireCount(
  name: string,
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new ClusterError('usage', `${name}: ${String(value)} is not a whole number from ${min} to ${max}`);
}

/** @throws ClusterError usage unless `value` is one of `choices` */
export function requireOneOf(name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new ClusterError('usage', `${name}: '${value}' is not one of ${choices.join(', ')}`);
}
