import { expect, test } from 'vitest';
import { ownDurableProduct } from './durable-product.ts';
import { runDurableSchedule } from './durable-schedule.ts';
import { durableSums } from './durable-world.ts';

const schedules = 40;

test('processes that share a durable group commit every word once, whatever becomes of them', () => {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
  console.log(`TEST_SEED=${seed}`);
  const sums = durableSums();
  let commits = 0;
  let kills = 0;
  for (let schedule = 0; schedule < schedules; schedule += 1) {
    const result = runDurableSchedule({ product: ownDurableProduct, sums, seed: seed + schedule });
    expect(result.violation, `TEST_SEED=${seed + schedule}`).toBeUndefined();
    commits += result.commits;
    kills += result.kills;
  }
  expect(commits).toBeGreaterThan(schedules / 2);
  expect(kills).toBeGreaterThan(schedules / 2);
});

test('a follower that reads under read_uncommitted is caught', () => {
  const sums = durableSums();
  const checks = new Set<string>();
  for (let seed = 0; seed < 2_000 && checks.size === 0; seed += 1) {
    const { violation } = runDurableSchedule({ product: ownDurableProduct, sums, seed, readsUncommitted: true });
    if (violation !== undefined) checks.add(violation.check);
  }
  expect(checks.size).toBeGreaterThan(0);
});
