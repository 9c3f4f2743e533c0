import assert from 'node:assert';

/** What is worth knowing of a distribution. `p99_9` is the 99.9th percentile. */
export interface Percentiles {
  readonly count: number;
  /** How many values are 0 or below. They are among the others. */
  readonly zeroOrLess: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p99_9: number;
  readonly p99_99: number;
  readonly max: number;
}

/** Steps of a percentile curve for each halving of the distance to 100 %. */
const stepsEachHalf = 5;

/**
 * Values in rising order, for exact percentiles: a histogram of HDR's kind would round them to its
 * buckets and knows none below 0, and here all values are at hand.
 */
export class SortedValues {
  readonly #ascending: Int32Array;
  readonly #scale: number;

  /**
   * @param parts - taken together, at least one value; not changed
   * @param scale - what a value of 1 is in the results
   */
  constructor(parts: readonly Int32Array[], scale: number) {
    const count = parts.reduce((sum, { length }) => sum + length, 0);
    assert(count > 0, 'no values');
    this.#ascending = new Int32Array(count);
    let at = 0;
    for (const part of parts) {
      this.#ascending.set(part, at);
      at += part.length;
    }
    this.#ascending.sort();
    this.#scale = scale;
  }

  get count(): number {
    return this.#ascending.length;
  }

  /** The least value that `percent` of all values do not exceed; 0 gives the least of all. */
  at(percent: number): number {
    // 99.9 of 1,000 are 999, not the 999.0000000000001 of binary fractions.
    const rank = Math.ceil(Number(((percent / 100) * this.count).toPrecision(12)));
    return (this.#ascending[Math.max(0, rank - 1)] ?? NaN) * this.#scale;
  }

  percentiles(): Percentiles {
    let sum = 0;
    let zeroOrLess = 0;
    for (const value of this.#ascending) {
      sum += value;
      if (value <= 0) zeroOrLess += 1;
    }
    return {
      count: this.count,
      zeroOrLess,
      min: this.at(0),
      mean: (sum / this.count) * this.#scale,
      p50: this.at(50),
      p75: this.at(75),
      p90: this.at(90),
      p95: this.at(95),
      p99: this.at(99),
      p99_9: this.at(99.9),
      p99_99: this.at(99.99),
      max: this.at(100),
    };
  }

  /**
   * Points of a percentile curve, [percent, value], dense where values are few. The last one is
   * that of 100.
   */
  curve(): [percent: number, value: number][] {
    const points: [number, number][] = [];
    // Beyond one value in `count`, nothing but the maximum is left.
    for (let distance = 100; distance * this.count >= 100; distance /= 2) {
      for (let step = 0; step < stepsEachHalf; step += 1) {
        const percent = 100 - distance * (1 - step / (2 * stepsEachHalf));
        points.push([percent, this.at(percent)]);
      }
    }
    points.push([100, this.at(100)]);
    return points;
  }
}
