import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Schedule } from '../../src/time/schedule.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);

test(`a record is due from its scheduled time on, and never before (seed ${seed})`, () => {
  const rates = fc.integer({ min: 1, max: 2_000_000 });
  const records = fc.integer({ min: 0, max: 20_000_000 });
  fc.assert(
    fc.property(rates, fc.double({ min: 0, max: 1e9, noNaN: true }), records, (rate, startMs, record) => {
      const schedule = new Schedule(startMs, rate);
      const due = schedule.dueBy(schedule.atMs(record));
      expect(schedule.atMs(due - 1)).toBeLessThanOrEqual(schedule.atMs(record));
      expect(schedule.atMs(due)).toBeGreaterThan(schedule.atMs(record));
    }),
    { seed, numRuns: 1_000 },
  );
});

test('nothing is due before the start', () => {
  const schedule = new Schedule(1_000, 500);
  expect([0, 999.9, 1_000, 1_001.9, 1_002].map((atMs) => schedule.dueBy(atMs))).toEqual([0, 0, 1, 1, 2]);
});
