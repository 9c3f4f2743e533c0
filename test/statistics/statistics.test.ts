import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/seeded-random.ts';
import { median, medianInterval, quantile, ratioOfMedians, samplesOf } from '../../src/statistics/statistics.ts';

const sample = fc.double({ min: 0.001, max: 1e9, noNaN: true });
const someSamples = fc.array(sample, { minLength: 1, maxLength: 40 }).map(samplesOf);

test('known quantiles: numpy.quantile([1, 2, 4, 8, 16], …)', () => {
  const samples = samplesOf([16, 1, 8, 2, 4]);
  expect([0, 0.1, 0.25, 0.5, 0.9, 1].map((share) => quantile(samples, share))).toEqual([1, 1.4, 2, 4, 12.8, 16]);
  expect(median([1, 3, 10, 20])).toBe(6.5);
  expect(median([7])).toBe(7);
});

test('a median has as many samples below as above it, and does not depend on their order', () => {
  fc.assert(
    fc.property(someSamples, (samples) => {
      const middle = median(samples);
      const below = samples.filter((value) => value < middle).length;
      const above = samples.filter((value) => value > middle).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(samples.length / 2);
      expect(median(samplesOf([...samples].reverse()))).toBe(middle);
    }),
  );
});

test.each([
  // Hahn and Meeker, Statistical Intervals: ranks 1 and 6 of 6, 2 and 9 of 10, 6 and 15 of 20.
  [6, 1, 6, 0.96875],
  [10, 2, 9, 0.978516],
  [20, 6, 15, 0.958611],
])('interval of the median of %i samples: ranks %i and %i', (count, low, high, coverage) => {
  const samples = samplesOf(Array.from({ length: count }, (_, index) => index + 1));
  const interval = medianInterval(samples);
  expect(interval).toMatchObject({ low, high, method: 'order-statistics' });
  expect(interval.coverage).toBeCloseTo(coverage, 6);
});

test.each([
  [1, 0],
  [2, 0.5],
  [3, 0.75],
  [5, 0.9375],
])('%i samples: their range, and what it is worth', (count, coverage) => {
  const samples = samplesOf(Array.from({ length: count }, (_, index) => 10 + index));
  expect(medianInterval(samples)).toEqual({ low: 10, high: 9 + count, coverage, method: 'range' });
});

test('thousands of samples do not underflow', () => {
  const interval = medianInterval(samplesOf(Array.from({ length: 4_001 }, (_, index) => index)));
  // Normal approximation: 2000.5 ± 1.96 · √4001 / 2.
  expect(interval.low).toBeGreaterThan(1_930);
  expect(interval.high).toBeLessThan(2_070);
  expect(interval.coverage).toBeGreaterThanOrEqual(0.95);
  expect(interval.coverage).toBeLessThan(0.96);
});

test('contains the median of a skewed distribution as often as stated', () => {
  const seed = 6;
  const random = seededRandom(seed);
  const trueMedian = Math.log(2);
  const draw = (count: number): number[] => Array.from({ length: count }, () => -Math.log(1 - random()));
  for (const count of [3, 8, 15]) {
    const trials = 4_000;
    let held = 0;
    let { coverage } = medianInterval(samplesOf(draw(count)));
    for (let trial = 0; trial < trials; trial += 1) {
      const interval = medianInterval(samplesOf(draw(count)));
      ({ coverage } = interval);
      if (interval.low <= trueMedian && trueMedian <= interval.high) held += 1;
    }
    // Four standard deviations of a share of 4000 trials are at most 0.03.
    expect(Math.abs(held / trials - coverage), `seed ${seed}, ${count} samples`).toBeLessThan(0.03);
  }
});

test('the ratio of medians does not depend on scale, and its interval contains it', () => {
  fc.assert(
    fc.property(someSamples, someSamples, (numerator, denominator) => {
      const { ratio, interval } = ratioOfMedians(numerator, denominator);
      expect(ratio).toBeCloseTo(median(numerator) / median(denominator));
      expect(interval.low).toBeLessThanOrEqual(ratio);
      expect(interval.high).toBeGreaterThanOrEqual(ratio);
      const doubled = ratioOfMedians(samplesOf(numerator.map((value) => value * 2)), denominator);
      expect(doubled.interval.low).toBeCloseTo(interval.low * 2, -Math.log10(interval.low) + 6);
    }),
    { numRuns: 50 },
  );
});

test('few samples: the interval of a ratio is that of the ranges, with its level', () => {
  const { ratio, interval } = ratioOfMedians([30, 40, 50], [10, 20]);
  expect(ratio).toBeCloseTo(40 / 15);
  expect(interval).toEqual({ low: 1.5, high: 5, coverage: 0.25, method: 'range' });
});

test('the interval of a ratio keeps its level for runs that share the noise of their repetition', () => {
  const seed = 20;
  const random = seededRandom(seed);
  const trials = 2_000;
  for (const shared of [0, 0.3]) {
    let held = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const pairs = Array.from({ length: 8 }, () => {
        const common = 1 + shared * random();
        return [400 * common * (1 + 0.1 * random()), 100 * common * (1 + 0.1 * random())] as const;
      });
      const { interval } = ratioOfMedians(samplesOf(pairs.map(([x]) => x)), samplesOf(pairs.map(([, y]) => y)));
      expect(interval).toMatchObject({ method: 'order-statistics' });
      if (interval.low <= 4 && 4 <= interval.high) held += 1;
    }
    expect(held / trials, `seed ${seed}`).toBeGreaterThan(0.95);
  }
});

test('no samples, NaN and a denominator of 0 are programmer errors', () => {
  expect(() => samplesOf([])).toThrow('no samples');
  expect(() => samplesOf([1, NaN])).toThrow('not a finite number');
  expect(() => ratioOfMedians([1], [0])).toThrow('not positive');
});
