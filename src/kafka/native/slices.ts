import type { Slices } from './producer.ts';

/** @param values - null is Kafka's null */
export function slicesOf(values: readonly (Uint8Array | null)[]): Slices {
  let end = 0;
  const ends = values.map((value) => (value === null ? -1 : (end += value.length)));
  const bytes = new Uint8Array(end);
  values.forEach((value, index) => {
    if (value !== null) bytes.set(value, (ends[index] ?? 0) - value.length);
  });
  return { bytes, ends: Int32Array.from(ends) };
}
