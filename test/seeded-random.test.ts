import { expect, test } from 'vitest';
import { seededRandom, shuffled } from '../src/seeded-random.ts';

test('is mulberry32, as computed in exact integers', () => {
  const random = seededRandom(1);
  expect([random(), random(), random()].map((value) => Math.round(value * 2 ** 32))).toEqual([
    reference(1, 1),
    reference(1, 2),
    reference(1, 3),
  ]);
});

/**
 * The published algorithm, written in BigInt arithmetic modulo 2^32, which shares no operator with
 * ours.
 */
function reference(seed: number, turn: number): number {
  const mask = 0xffffffffn;
  const a = (BigInt(seed) + BigInt(turn) * 0x6d2b79f5n) & mask;
  let t = ((a ^ (a >> 15n)) * (a | 1n)) & mask;
  t = (t ^ ((t + (((t ^ (t >> 7n)) * (t | 61n)) & mask)) & mask)) & mask;
  return Number((t ^ (t >> 14n)) & mask);
}

test('every order is equally likely', () => {
  const seed = 20_261_124;
  const random = seededRandom(seed);
  const seen = new Map<string, number>();
  for (let round = 0; round < 24_000; round += 1) {
    const order = shuffled(['a', 'b', 'c', 'd'], random).join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect(seen.size).toBe(24);
  // Chi-square with 23 degrees of freedom is above 49.7 once in a thousand; the seed is fixed, so
  // this never flickers.
  const chiSquare = [...seen.values()].reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
  expect(chiSquare, `seed ${seed}`).toBeLessThan(49.7);
});
