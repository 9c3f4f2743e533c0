/** A duration for people: `2 s`, `1 ms`. */
export function durationWords(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000} s` : `${ms} ms`;
}
