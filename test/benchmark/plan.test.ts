import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lanes } from '../../src/config/lanes.ts';
import { planRuns } from '../../src/benchmark/plan.ts';

const options = fc.record({
  lanes: fc.subarray([...lanes], { minLength: 1 }),
  members: fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 6 }),
  repetitions: fc.integer({ min: 1, max: 5 }),
  warmUps: fc.integer({ min: 0, max: 3 }),
  seed: fc.integer(),
});

test('each repetition after the warm-ups runs every lane and number of members exactly once', () => {
  fc.assert(
    fc.property(options, (plan) => {
      const runs = planRuns(plan);
      expect(runs.slice(0, plan.warmUps).every(({ warmUp, repetition }) => warmUp && repetition === 0)).toBe(true);
      const measured = runs.slice(plan.warmUps);
      const size = plan.lanes.length * plan.members.length;
      expect(measured).toHaveLength(size * plan.repetitions);
      const combinations = plan.lanes.flatMap((lane) => plan.members.map((count) => `${lane} ${count}`)).sort();
      for (let repetition = 1; repetition <= plan.repetitions; repetition += 1) {
        const part = measured.slice((repetition - 1) * size, repetition * size);
        expect(part.every((run) => run.repetition === repetition && !run.warmUp)).toBe(true);
        expect(part.map(({ lane, members }) => `${lane} ${members}`).sort()).toEqual(combinations);
      }
      expect(planRuns(plan)).toEqual(runs);
    }),
  );
});

test('shuffles each repetition separately, and in another order for another seed', () => {
  const plan = { lanes, members: [1, 2, 3, 4, 5], repetitions: 4, warmUps: 0, seed: 7 };
  const orders = [0, 10, 20, 30].map((from) =>
    JSON.stringify(
      planRuns(plan)
        .slice(from, from + 10)
        .map(({ lane, members }) => [lane, members]),
    ),
  );
  expect(new Set(orders).size).toBe(4);
  expect(planRuns({ ...plan, seed: 8 })).not.toEqual(planRuns(plan));
});
