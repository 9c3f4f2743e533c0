import { expect, test } from 'vitest';
import { pairedTest } from '../../src/statistics/paired-test.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { normalCdf, normalQuantile, shiftTest, type Stratum } from '../../src/statistics/rank-tests.ts';
import { samplesOf } from '../../src/statistics/statistics.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);

function stratum(before: readonly number[], after: readonly number[]): Stratum {
  return { before: samplesOf(before), after: samplesOf(after) };
}

function statistic({ before, after }: Stratum): number {
  return after.flatMap((y) => before.map((x) => Math.sign(y - x))).reduce((sum, sign) => sum + sign, 0);
}

/** All ways to choose `count` of the items. */
function choices(items: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, index) => choices(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]));
}

/** The statistic under every way to share out the samples: the definition of the exact test. */
function allStatistics({ before, after }: Stratum): number[] {
  const pooled = [...before, ...after];
  return choices([...pooled.keys()], after.length).map((chosen) =>
    statistic(
      stratum(
        pooled.filter((_, index) => !chosen.includes(index)),
        chosen.map((index) => pooled[index] ?? NaN),
      ),
    ),
  );
}

test('Mann-Whitney: values of R', () => {
  expect(shiftTest([stratum([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])]).pValue).toBeCloseTo(0.007936508, 9);
  // wilcox.test(c(1.1, 2.2, 3.3, 4.4), c(2.5, 3.6, 4.7, 5.8, 6.9)): W = 3
  expect(shiftTest([stratum([1.1, 2.2, 3.3, 4.4], [2.5, 3.6, 4.7, 5.8, 6.9])]).pValue).toBeCloseTo(0.1111111, 6);
});

test(`Mann-Whitney equals a full enumeration, also with ties and two strata (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const draw = (count: number): number[] => Array.from({ length: count }, () => Math.floor(random() * 6));
  for (let round = 0; round < 60; round += 1) {
    const first = stratum(draw(1 + Math.floor(random() * 4)), draw(1 + Math.floor(random() * 4)));
    const second = stratum(draw(2), draw(3));
    const one = allStatistics(first);
    const expected = one.filter((value) => Math.abs(value) >= Math.abs(statistic(first))).length / one.length;
    expect(shiftTest([first]).pValue).toBeCloseTo(expected, 9);
    const both = one.flatMap((value) => allStatistics(second).map((other) => value + other));
    const sum = Math.abs(statistic(first) + statistic(second));
    const expectedBoth = both.filter((value) => Math.abs(value) >= sum).length / both.length;
    expect(shiftTest([first, second]).pValue).toBeCloseTo(expectedBoth, 9);
  }
});

test('shift and effect size of a known shift have its size and sign', () => {
  const before = [10, 11, 12, 13, 14, 15];
  const result = shiftTest([
    stratum(
      before,
      before.map((value) => value + 100),
    ),
  ]);
  expect(result).toMatchObject({ shift: 100, cliffsDelta: 1 });
  expect(shiftTest([stratum(before, before)])).toMatchObject({ shift: 0, cliffsDelta: 0, pValue: 1 });
  expect(shiftTest([stratum(before, [1, 2, 3])]).cliffsDelta).toBe(-1);
});

test(`intervals contain the true shift, and the test is right, as often as stated (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const skewed = (): number => -Math.log(1 - random());
  let held = 0;
  let wrong = 0;
  let coverage = 0;
  const rounds = 1_000;
  for (let round = 0; round < rounds; round += 1) {
    const strata = [6, 5].map((count) =>
      stratum(
        Array.from({ length: count }, skewed),
        Array.from({ length: count }, () => skewed() + 0.5),
      ),
    );
    const result = shiftTest(strata);
    ({ coverage } = result);
    if (result.low <= 0.5 && 0.5 <= result.high) held += 1;
    const same = stratum(Array.from({ length: 6 }, skewed), Array.from({ length: 6 }, skewed));
    if (shiftTest([same]).pValue < 0.05) wrong += 1;
  }
  expect(coverage).toBeGreaterThanOrEqual(0.95);
  expect(held / rounds).toBeGreaterThan(coverage - 0.02);
  expect(wrong / rounds).toBeLessThan(0.07);
});

test('few samples state the level of their interval; many use the normal approximation', () => {
  expect(shiftTest([stratum([1, 2], [3, 4])])).toMatchObject({ low: 1, high: 3 });
  expect(shiftTest([stratum([1, 2], [3, 4])]).coverage).toBeCloseTo(1 - 2 / 6);
  const random = seededRandom(seed);
  const many = Array.from({ length: 60 }, random);
  const { pValue, low, high } = shiftTest([
    stratum(
      many,
      many.map((value) => value + 0.2),
    ),
  ]);
  expect(pValue).toBeLessThan(0.01);
  expect(low).toBeLessThan(0.2);
  expect(high).toBeGreaterThan(0.2);
});

test(`Wilcoxon equals a full enumeration of signs, also with ties (seed ${seed})`, () => {
  // wilcox.test(c(1, 2, 3, 4, 5, 6), exact = TRUE): p = 0.03125
  expect(pairedTest(samplesOf([1, 2, 3, 4, 5, 6])).pValue).toBeCloseTo(0.03125, 9);
  const random = seededRandom(seed);
  for (let round = 0; round < 60; round += 1) {
    const differences = Array.from({ length: 1 + Math.floor(random() * 8) }, () => Math.floor(random() * 9) - 4);
    const nonZero = differences.filter((value) => value !== 0);
    const sizes = nonZero.map(Math.abs);
    const ranks = sizes.map(
      (size) => sizes.filter((other) => other < size).length + (sizes.filter((other) => other === size).length + 1) / 2,
    );
    const signedSum = (signs: number): number =>
      ranks.reduce((sum, rank, index) => sum + ((signs >> index) & 1 ? rank : -rank), 0);
    const all = Array.from({ length: 2 ** nonZero.length }, (_, signs) => Math.abs(signedSum(signs)));
    const own = Math.abs(ranks.reduce((sum, rank, index) => sum + Math.sign(nonZero[index] ?? 0) * rank, 0));
    const expected = all.filter((value) => value >= own - 1e-9).length / all.length;
    expect(pairedTest(samplesOf(differences)).pValue).toBeCloseTo(expected, 9);
  }
});

test(`intervals of paired differences contain the true one as often as stated (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let held = 0;
  const rounds = 1_000;
  for (let round = 0; round < rounds; round += 1) {
    const differences = Array.from({ length: 9 }, () => 3 + random() + random() - 1);
    const { low, high, coverage } = pairedTest(samplesOf(differences));
    expect(coverage).toBeGreaterThanOrEqual(0.95);
    if (low <= 3 && 3 <= high) held += 1;
  }
  expect(held / rounds).toBeGreaterThan(0.935);
  expect(pairedTest(samplesOf([1, 2])).coverage).toBe(0.5);
});

test('quantiles of the normal distribution', () => {
  expect(normalCdf(1.959964)).toBeCloseTo(0.975, 6);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 4);
  expect(normalCdf(-1)).toBeCloseTo(0.1586553, 6);
});
