import { expect, test } from 'vitest';
import { seededRandom } from '../../src/seeded-random.ts';
import { fitScalability, scalabilityAt } from '../../src/statistics/universal-scalability.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const loads = [1, 2, 4, 8];

function points(law: { rate: number; contention: number; coherency: number }, noise: () => number, runs = 1) {
  return loads.map((load) => ({
    load,
    rates: Array.from({ length: runs }, () => scalabilityAt(law, load) * (1 + noise())),
  }));
}

test.each([
  { rate: 1_000, contention: 0, coherency: 0, peakLoad: undefined },
  { rate: 5, contention: 0.1, coherency: 0, peakLoad: undefined },
  { rate: 2e6, contention: 0.05, coherency: 0.01, peakLoad: Math.sqrt(0.95 / 0.01) },
  { rate: 100, contention: 0, coherency: 0.2, peakLoad: Math.sqrt(5) },
])('a curve without noise gives its own parameters: %j', ({ peakLoad, ...law }) => {
  const fit = fitScalability(points(law, () => 0));
  expect(fit?.rate).toBeCloseTo(law.rate, 3);
  expect(fit?.contention).toBeCloseTo(law.contention, 6);
  expect(fit?.coherency).toBeCloseTo(law.coherency, 6);
  expect(fit?.rSquared).toBeCloseTo(1, 9);
  if (peakLoad !== undefined) expect(fit?.peakLoad).toBeCloseTo(peakLoad, 4);
  // Without noise coherency comes out as 0 or a rounding error of it: a peak far beyond anything.
  else expect(fit?.peakLoad ?? Infinity).toBeGreaterThan(1e5);
});

test(`under noise no parameter is negative, and none on a grid is better (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const noise = (): number => 0.05 * (2 * random() - 1);
  for (let round = 0; round < 40; round += 1) {
    const law = { rate: 1_000, contention: 0.2 * random(), coherency: 0.02 * random() };
    const measured = points(law, noise, 6);
    const fit = fitScalability(measured);
    if (fit === undefined) throw new Error('no fit');
    expect(Math.min(fit.contention, fit.coherency)).toBeGreaterThanOrEqual(0);
    const error = (candidate: typeof law): number =>
      measured.reduce(
        (sum, { load, rates }) =>
          sum + rates.reduce((part, rate) => part + (1 - rate / scalabilityAt(candidate, load)) ** 2, 0),
        0,
      );
    for (const rate of [0.98, 1, 1.02]) {
      for (const contention of [-0.01, 0, 0.01]) {
        for (const coherency of [-0.002, 0, 0.002]) {
          const other = {
            rate: fit.rate * rate,
            contention: Math.max(0, fit.contention + contention),
            coherency: Math.max(0, fit.coherency + coherency),
          };
          expect(error(fit)).toBeLessThanOrEqual(error(other) + 1e-12);
        }
      }
    }
  }
});

test('three loads are too few; throughput that only falls has its peak at one', () => {
  const falling = [100, 50, 25, 12].map((rate, index) => ({ load: 2 ** index, rates: [rate] }));
  expect(fitScalability(falling.slice(0, 3))).toBeUndefined();
  expect(fitScalability([...falling.slice(0, 3), { load: 4, rates: [51] }])).toBeUndefined();
  expect(fitScalability(falling)?.peakLoad).toBe(1);
});
