import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultOf } from '../../src/faults/all-faults.ts';
import { allFaultKinds, factsOf } from '../../src/faults/kinds.ts';
import { planFaults } from '../../src/faults/schedule.ts';

const options = fc.record({
  seed: fc.nat(2 ** 31),
  durationMs: fc.integer({ min: 1_000, max: 600_000 }),
  kinds: fc.subarray([...allFaultKinds], { minLength: 1 }),
});

test('the same seed gives the same schedule, another seed another one', () => {
  fc.assert(
    fc.property(options, (given) => {
      expect(planFaults(given)).toEqual(planFaults({ ...given }));
    }),
  );
  const plans = Array.from({ length: 50 }, (_, seed) =>
    JSON.stringify(planFaults({ seed, durationMs: 20_000, kinds: allFaultKinds })),
  );
  expect(new Set(plans).size).toBe(50);
});

test('faults are of the kinds asked for, in the order of their times, and over by the end', () => {
  fc.assert(
    fc.property(options, ({ seed, durationMs, kinds }) => {
      const faults = planFaults({ seed, durationMs, kinds });
      let before = 0;
      for (const { kind, atMs, durationMs: lastsMs } of faults) {
        expect(kinds).toContain(kind);
        expect(atMs).toBeGreaterThanOrEqual(before);
        expect(atMs + lastsMs).toBeLessThanOrEqual(durationMs);
        expect(lastsMs).toBeLessThanOrEqual(factsOf(kind).durationMs[1]);
        before = atMs;
      }
      expect(faults.length).toBeGreaterThan(0);
    }),
  );
});

test('any twenty runs of 20 s in a row use every kind', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (first) => {
      const used = new Set<string>();
      for (let run = 0; run < 20; run += 1) {
        for (const { kind } of planFaults({ seed: first + run, durationMs: 20_000, kinds: allFaultKinds }))
          used.add(kind);
      }
      expect([...allFaultKinds].filter((kind) => !used.has(kind))).toEqual([]);
    }),
  );
});

test('a quarter of the periods has no faults', () => {
  const faults = planFaults({ seed: 7, durationMs: 400_000, kinds: ['crash'] });
  const periods = new Set(faults.map(({ atMs }) => Math.floor(atMs / 4_000)));
  expect(periods.size).toBe(75);
});

test('every kind has a fault, which knows its name', () => {
  for (const kind of allFaultKinds) expect(faultOf(kind).kind).toBe(kind);
});
