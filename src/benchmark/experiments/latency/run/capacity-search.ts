import { latencyRecordsMax } from '../../../../config/lanes.ts';

/** The next rate to test, and why. */
export interface Probe {
  readonly ratePerSecond: number;
  readonly purpose: 'bracket' | 'bisect' | 'repeat' | 'confirm';
}

export interface CapacityOptions {
  /** The first rate to test. */
  readonly startRate: number;
  /** Limits of the tested rates, records per second. */
  readonly rateMin: number;
  readonly rateMax: number;
  /**
   * Bisection ends when (lowest failed rate / highest passed rate) - 1 is at most this value, such
   * as 0.1 for 10 %.
   */
  readonly precision: number;
  /** Number of additional runs that the found rate must pass. */
  readonly confirmations: number;
  /** Maximum number of probes in total. */
  readonly probesMax: number;
}

/** Factor applied to the rate after a failed confirmation. */
const stepBack = 0.9;

/**
 * Pure: searches for the highest rate that satisfies a bound.
 * It doubles or halves the rate until it has one passed and one failed rate, bisects geometrically
 * between them, and then confirms the found rate by repetition, since a single probe may pass by
 * chance. A failed bracket or bisection probe is repeated once before the rate counts as failed,
 * because the search never exceeds a failed rate. If a confirmation fails, the search continues
 * with a lower rate.
 */
export class CapacitySearch {
  readonly #options: CapacityOptions;
  #held: number | undefined;
  #failed: number | undefined;
  /** A rate that failed its first probe and is about to be repeated. */
  #doubted: number | undefined;
  #confirmed = 0;
  /** True after bracketing and bisection have finished. */
  #confirming = false;
  #probes = 0;

  constructor(options: CapacityOptions) {
    this.#options = options;
  }

  /** The highest rate that passed and was confirmed; undefined if there is no such rate (yet). */
  get ratePerSecond(): number | undefined {
    return this.#confirmed >= this.#options.confirmations ? this.#held : undefined;
  }

  /** True when the found rate is the highest allowed one, so that the capacity may be higher. */
  get isLimited(): boolean {
    return this.#held === this.#options.rateMax && this.#failed === undefined;
  }

  /** @returns undefined when the search has finished */
  next(): Probe | undefined {
    const { confirmations, probesMax } = this.#options;
    if (this.#probes >= probesMax || this.#confirmed >= confirmations) return undefined;
    if (this.#confirming) return this.#confirmation();
    return this.#repetition() ?? this.#bracket() ?? this.#bisection() ?? this.#confirmation();
  }

  /**
   * @param probe - a result of `next`
   * @param holds - whether the rate satisfied the bound
   */
  add({ ratePerSecond, purpose }: Probe, holds: boolean): void {
    this.#probes += 1;
    if (purpose !== 'confirm') {
      if (holds) this.#held = ratePerSecond;
      else if (purpose === 'repeat') this.#failed = ratePerSecond;
      this.#doubted = holds || purpose === 'repeat' ? undefined : ratePerSecond;
      return;
    }
    this.#confirming = true;
    if (holds) {
      this.#confirmed += 1;
      return;
    }
    this.#confirmed = 0;
    const lower = rounded(ratePerSecond * stepBack);
    // The lower rate is untested. The next confirmations decide whether it passes.
    this.#held = lower < ratePerSecond && lower >= this.#options.rateMin ? lower : undefined;
  }

  #repetition(): Probe | undefined {
    return this.#doubted === undefined ? undefined : { ratePerSecond: this.#doubted, purpose: 'repeat' };
  }

  #bracket(): Probe | undefined {
    const { startRate, rateMin, rateMax } = this.#options;
    const probe = (rate: number): Probe => ({ ratePerSecond: rounded(rate), purpose: 'bracket' });
    if (this.#held === undefined) {
      if (this.#failed === undefined) return probe(startRate);
      return this.#failed > rateMin ? probe(Math.max(rateMin, this.#failed / 2)) : undefined;
    }
    return this.#failed === undefined && this.#held < rateMax ? probe(Math.min(rateMax, this.#held * 2)) : undefined;
  }

  #bisection(): Probe | undefined {
    const { precision } = this.#options;
    if (this.#held === undefined || this.#failed === undefined) return undefined;
    const middle = rounded(Math.sqrt(this.#held * this.#failed));
    // Rates are integers, so there may be no rate between the two.
    const between = middle > this.#held && middle < this.#failed;
    if (!between || this.#failed <= this.#held * (1 + precision)) return undefined;
    return { ratePerSecond: middle, purpose: 'bisect' };
  }

  #confirmation(): Probe | undefined {
    return this.#held === undefined ? undefined : { ratePerSecond: this.#held, purpose: 'confirm' };
  }
}

/**
 * Pure: the highest rate whose probes fit into memory next to the retained runs. A confirmation
 * lasts as long as a run.
 * @param durationMs - length of a run's schedule
 * @param recordsKept - number of records of the runs whose latencies are retained
 * @returns records per second, at least 1
 */
export function capacityRateMax(durationMs: number, recordsKept: number): number {
  return Math.max(1, Math.floor((1_000 * (latencyRecordsMax - recordsKept)) / durationMs));
}

function rounded(ratePerSecond: number): number {
  return Math.max(1, Math.round(ratePerSecond));
}
