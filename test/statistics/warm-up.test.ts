import { expect, test } from 'vitest';
import { seededRandom } from '../../src/seeded-random.ts';
import { warmUpLength } from '../../src/statistics/warm-up.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);

/** `slow` values at a third of the level, then the level, all with 3 % noise. */
function series(slow: number, length: number, random: () => number): number[] {
  return Array.from({ length }, (_, index) => (index < slow ? 33 : 100) * (1 + 0.03 * (2 * random() - 1)));
}

test(`cuts a slow start, and hardly anything else (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let cutTooMuch = 0;
  for (let round = 0; round < 200; round += 1) {
    const slow = 1 + Math.floor(random() * 8);
    const cut = warmUpLength(series(slow, 40, random)) ?? -1;
    expect(cut).toBeGreaterThanOrEqual(slow);
    if (cut > slow + 10) cutTooMuch += 1;
  }
  expect(cutTooMuch).toBeLessThan(20);
});

test('cuts nothing from a constant series, at most half of any, and does not judge short ones', () => {
  expect(warmUpLength(Array.from({ length: 20 }, () => 7.1))).toBe(0);
  expect(warmUpLength([1, 2, 3, 4, 5, 6, 7])).toBeUndefined();
  const random = seededRandom(seed);
  for (let round = 0; round < 100; round += 1) {
    const length = 8 + Math.floor(random() * 30);
    expect(warmUpLength(Array.from({ length }, random)) ?? -1).toBeLessThanOrEqual(length / 2);
  }
});
