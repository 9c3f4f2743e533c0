import { expect, test } from 'vitest';
import { compareAb, type AbSample } from '../../../src/results/compare/compare-ab.ts';
import { seededRandom } from '../../../src/seeded-random.ts';
import { normal } from './sample-benches.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const options = { maxRegression: 0.05, alpha: 0.05 } as const;
const names = { a: 'before', b: 'after' } as const;

/** Pairs whose machine speed varies by 10 % between pairs and by 2 % between runs. */
function pairs(count: number, slower: number, random: () => number): AbSample[] {
  return Array.from({ length: count }, (_, index) => index + 1).flatMap((pair) => {
    const machine = 1 + 0.2 * normal(random) * 0.5;
    return (['a', 'b'] as const).flatMap((side) =>
      [1, 4].map((members): AbSample => {
        const cost = (side === 'b' ? 1 + slower : 1) * machine * (1 + 0.02 * normal(random));
        return { side, pair, lane: 'drain', members, recordsPerSecond: 1e6 / cost, cpuMicrosPerRecord: cost };
      }),
    );
  });
}

test(`finds a 10 % slowdown on a machine that varies as much, without false alarms (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let found = 0;
  let alarms = 0;
  for (let trial = 0; trial < 100; trial += 1) {
    if (compareAb(pairs(10, 0.1, random), names, options).verdict === 'regression') found += 1;
    const same = compareAb(pairs(10, 0, random), names, options);
    if (same.verdict === 'regression') alarms += 1;
    expect(same.rows.map(({ members, measure }) => `${measure} ${members}`)).toEqual([
      'recordsPerSecond all',
      'recordsPerSecond 1',
      'recordsPerSecond 4',
      'cpuMicrosPerRecord all',
      'cpuMicrosPerRecord 1',
      'cpuMicrosPerRecord 4',
    ]);
  }
  expect(found).toBeGreaterThanOrEqual(99);
  expect(alarms).toBe(0);
});

test('two pairs suffice to find a tenfold slowdown', () => {
  expect(compareAb(pairs(2, 9, seededRandom(seed)), names, options).verdict).toBe('regression');
});

test('a faster build passes; two equal pairs are inconclusive', () => {
  const random = seededRandom(seed);
  expect(compareAb(pairs(10, -0.2, random), names, options).verdict).toBe('passed');
  expect(compareAb(pairs(2, 0, random), names, options).verdict).toBe('inconclusive');
  expect(compareAb([], names, options).verdict).toBe('inconclusive');
});
