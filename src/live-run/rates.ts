/** Rates of counters that are sampled irregularly: change per second since the previous sample. */
export class Rates {
  readonly #seen = new Map<string, { readonly value: number; readonly atMs: number; readonly perSecond: number }>();

  /**
   * @returns 0 at the first sample; samples closer than `intervalMsMin` return the previous rate
   */
  perSecond(name: string, value: number, atMs: number, intervalMsMin = 250): number {
    const seen = this.#seen.get(name);
    if (seen !== undefined && atMs - seen.atMs < intervalMsMin) return seen.perSecond;
    const perSecond = seen === undefined ? 0 : Math.max(0, ((value - seen.value) * 1_000) / (atMs - seen.atMs));
    this.#seen.set(name, { value, atMs, perSecond });
    return perSecond;
  }
}
