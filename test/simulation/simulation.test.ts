import { expect, test } from 'vitest';
import { BatchSums, sum } from '../../src/count/batch-sums.ts';
import { ownProduct } from './product.ts';
import { runSchedule, scheduleSeed } from './schedule.ts';
import { runSimulation } from './run-simulation.ts';
import { sumsFields } from './sim-member.ts';
import { sameHash } from './topic.ts';

const schedules = 1_500;

test.each([
  ['fixed', 20_261_124],
  ['random', Date.now() % 2 ** 32],
])('%s schedules, whatever they do to members, leave every word counted once', async (_, seed) => {
  console.log(`npm run sim -- --seed ${seed} --schedules ${schedules}`);
  const report = await runSimulation({ product: ownProduct, seed, schedules, exhaustive: false });
  expect(report.violation).toBeUndefined();
  expect(report.kills).toBeGreaterThan(schedules / 2);
  expect(report.fences).toBeGreaterThan(0);
  expect(report.snapshots).toBeGreaterThan(schedules);
});

test('a member may die before any of its accesses, and two may interleave at any', { timeout: 1_200_000 }, async () => {
  const report = await runSimulation({ product: ownProduct, seed: 0, schedules: 0, exhaustive: true });
  expect(report.violation).toBeUndefined();
  expect(report.crashPoints?.writes).toBeGreaterThan(1_000);
  expect(report.interleavings).toBeGreaterThan(10_000);
  expect(report.readings).toBeGreaterThan(10_000);
});

test('the same seed is the same schedule, step by step', () => {
  const sums = new BatchSums({ tokenizer: 'unicode', fields: sumsFields });
  const runs = [0, 1].map(() => {
    const lines: string[] = [];
    const result = runSchedule(ownProduct, sums, scheduleSeed(7, 3), (line) => lines.push(line));
    return { lines, result };
  });
  expect(runs[0]?.lines.length).toBeGreaterThan(20);
  expect(runs[0]).toEqual(runs[1]);
});

test('two words of the vocabulary have one hash', () => {
  const hashes = sameHash.map((word) => {
    const sums = new BatchSums({ tokenizer: 'unicode' });
    sums.addRecord(Buffer.from(word), 0, word.length);
    return sums.arena[sum.hash];
  });
  expect(hashes[0]).toBe(hashes[1]);
});
