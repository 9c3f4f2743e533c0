import { latencyRecordsMax } from '../../../../config/lanes.ts';

/** What to try next. */
export interface Probe {
  readonly ratePerSecond: number;
  readonly purpose: 'bracket' | 'bisect' | 'repeat' | 'confirm';
}

export interface CapacityOptions {
  /** Tried first. */
  readonly startRate: number;
  /** Beyond these nothing is tried. */
  readonly rateMin: number;
  readonly rateMax: number;
  /** Bisection ends when the lowest rate that failed is at most so much above the highest that held: 0.1 is 10 %. */
  readonly precision: number;
  /** How often the found rate must hold once more. */
  readonly confirmations: number;
  /** Probes in all. */
  readonly probesMax: number;
}

/** Tried after a confirmation failed: so much less. */
const stepBack = 0.9;

/**
 * Pure: the search for the highest rate that holds a bound. It doubles or halves until a rate that holds and one that does
 * not are found, bisects between them (geometrically), and repeats the rate found: one lucky probe is no capacity. Nor is an
 * unlucky one its end: what does not hold is tried once more, for the search never goes above a rate that failed. A rate that
 * fails a confirmation counts as too high, and the search goes on a step below it.
 */
export class CapacitySearch {
  readonly #options: CapacityOptions;
  #held: number | undefined;
  #failed: number | undefined;
  /** Did not hold, once. */
  #doubted: number | undefined;
  #confirmed = 0;
  /** Bracketing and bisecting are over. */
  #confirming = false;
  #probes = 0;

  constructor(options: CapacityOptions) {
    this.#options = options;
  }

  /** The highest rate that held and was confirmed; undefined when there is none (yet). */
  get ratePerSecond(): number | undefined {
    return this.#confirmed >= this.#options.confirmations ? this.#held : undefined;
  }

  /** The rate found is the highest that may be tried: the capacity may be higher. */
  get isLimited(): boolean {
    return this.#held === this.#options.rateMax && this.#failed === undefined;
  }

  /** @returns undefined when the search is over */
  next(): Probe | undefined {
    const { confirmations, probesMax } = this.#options;
    if (this.#probes >= probesMax || this.#confirmed >= confirmations) return undefined;
    if (this.#confirming) return this.#confirmation();
    return this.#repetition() ?? this.#bracket() ?? this.#bisection() ?? this.#confirmation();
  }

  /** @param holds - whether the rate that `next` told held the bound */
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
    // Not known to hold: it is confirmed as if it were, or fails in its turn.
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
    // Rates are whole: there may be none between the two.
    const between = middle > this.#held && middle < this.#failed;
    if (!between || this.#failed <= this.#held * (1 + precision)) return undefined;
    return { ratePerSecond: middle, purpose: 'bisect' };
  }

  #confirmation(): Probe | undefined {
    return this.#held === undefined ? undefined : { ratePerSecond: this.#held, purpose: 'confirm' };
  }
}

/**
 * Pure: the highest rate whose probes fit into memory, with what the runs before keep. A confirmation takes as long as a run.
 * @param recordsKept - of the runs whose latencies are still held
 */
export function capacityRateMax(durationMs: number, recordsKept: number): number {
  return Math.max(1, Math.floor((1_000 * (latencyRecordsMax - recordsKept)) / durationMs));
}

function rounded(ratePerSecond: number): number {
  return Math.max(1, Math.round(ratePerSecond));
}
