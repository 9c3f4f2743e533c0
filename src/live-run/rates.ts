/** Rates of counters that are looked at now and then: records a second since the look before. */
export class Rates {
  readonly #seen = new Map<string, { readonly value: number; readonly atMs: number; readonly perSecond: number }>();

  /** @returns 0 at the first look; looks closer together than `intervalMsMin` repeat the rate before */
  perSecond(name: string, value: number, atMs: number, intervalMsMin = 250): number {
    const seen = this.#seen.get(name);
    if (seen !== undefined && atMs - seen.atMs < intervalMsMin) return seen.perSecond;
    const perSecond = seen === undefined ? 0 : Math.max(0, ((value - seen.value) * 1_000) / (atMs - seen.atMs));
    this.#seen.set(name, { value, atMs, perSecond });
    return perSecond;
  }
}
