import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planRuns } from '../../src/benchmark/plan.ts';

const options = fc.record({
  variants: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 12 }),
  warmUpVariant: fc.constant('the largest'),
  repetitions: fc.integer({ min: 1, max: 5 }),
  warmUps: fc.integer({ min: 0, max: 3 }),
  seed: fc.integer(),
});

test('each repetition after the warm-ups runs every variant exactly once', () => {
  fc.assert(
    fc.property(options, (plan) => {
      const runs = planRuns(plan);
      const [warmUps, measured] = [runs.slice(0, plan.warmUps), runs.slice(plan.warmUps)];
      for (const warmUp of warmUps) expect(warmUp).toEqual({ variant: 'the largest', repetition: 0, warmUp: true });
      const size = plan.variants.length;
      expect(measured).toHaveLength(size * plan.repetitions);
      for (let repetition = 1; repetition <= plan.repetitions; repetition += 1) {
        const part = measured.slice((repetition - 1) * size, repetition * size);
        expect(part.every((run) => run.repetition === repetition && !run.warmUp)).toBe(true);
        expect(part.map(({ variant }) => variant).sort()).toEqual([...plan.variants].sort());
      }
      expect(planRuns(plan)).toEqual(runs);
    }),
  );
});

test('shuffles each repetition separately, and in another order for another seed', () => {
  const variants = Array.from({ length: 10 }, (_, index) => index);
  const plan = { variants, warmUpVariant: 0, repetitions: 4, warmUps: 0, seed: 7 };
  const orders = [0, 10, 20, 30].map((from) =>
    JSON.stringify(
      planRuns(plan)
        .slice(from, from + 10)
        .map(({ variant }) => variant),
    ),
  );
  expect(new Set(orders).size).toBe(4);
  expect(planRuns({ ...plan, seed: 8 })).not.toEqual(planRuns(plan));
});
