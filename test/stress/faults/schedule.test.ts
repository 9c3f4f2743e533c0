import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allFaultKinds, allFaults, faultOf } from '../../../src/stress/faults/all-faults.ts';
import { isDue, planFaults, type PlannedFault, type Schedulable } from '../../../src/stress/faults/schedule.ts';

const options = fc.record({
  seed: fc.nat(2 ** 31),
  durationMs: fc.integer({ min: 1_000, max: 600_000 }),
  faults: fc.subarray<Schedulable>([...allFaults], { minLength: 1 }),
});

test('the same seed gives the same schedule, another seed another one', () => {
  fc.assert(
    fc.property(options, (given) => {
      expect(planFaults(given)).toEqual(planFaults({ ...given }));
    }),
  );
  const plans = Array.from({ length: 50 }, (_, seed) =>
    JSON.stringify(planFaults({ seed, durationMs: 20_000, faults: allFaults })),
  );
  expect(new Set(plans).size).toBe(50);
});

test('faults are of the given kinds, in the order of their times, and end by the end of the run', () => {
  fc.assert(
    fc.property(options, ({ seed, durationMs, faults }) => {
      const planned = planFaults({ seed, durationMs, faults });
      let before = 0;
      for (const { kind, atMs, durationMs: lastsMs } of planned) {
        const range = faults.find((fault) => fault.kind === kind)?.durationMs;
        expect(atMs).toBeGreaterThanOrEqual(before);
        expect(atMs + lastsMs).toBeLessThanOrEqual(durationMs);
        expect(lastsMs).toBeLessThanOrEqual(range?.[1] ?? -1);
        before = atMs;
      }
      expect(planned.length).toBeGreaterThan(0);
    }),
  );
});

test('any twenty runs of 20 s in a row use every kind', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (first) => {
      const used = new Set<string>();
      for (let run = 0; run < 20; run += 1) {
        for (const { kind } of planFaults({ seed: first + run, durationMs: 20_000, faults: allFaults })) used.add(kind);
      }
      expect(allFaultKinds.filter((kind) => !used.has(kind))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('a run with at most three kinds uses each of them', () => {
  const few = fc.subarray<Schedulable>([...allFaults], { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.nat(1_000_000), few, (seed, faults) => {
      const used = planFaults({ seed, durationMs: 20_000, faults }).map(({ kind }) => kind);
      expect(faults.filter(({ kind }) => !used.includes(kind))).toEqual([]);
    }),
  );
});

test('a quarter of the periods has no faults, the others have up to three, one of each lane', () => {
  const periodMs = 4_000;
  const periodsOf = (faults: readonly Schedulable[]): PlannedFault<string>[][] => {
    const planned = planFaults({ seed: 7, durationMs: 100 * periodMs, faults });
    return Array.from({ length: 100 }, (_, period) =>
      planned.filter(({ atMs }) => Math.floor(atMs / periodMs) === period),
    );
  };
  expect(periodsOf([faultOf('crash')]).filter((faults) => faults.length > 0)).toHaveLength(75);
  const usual = allFaults.filter(({ endsRun }) => endsRun !== true);
  const periods = periodsOf(usual);
  expect(new Set(periods.map((faults) => faults.length))).toEqual(new Set([0, 1, 2, 3]));
  for (const faults of periods) {
    const lanes = faults.map(({ kind }) => usual.find((fault) => fault.kind === kind)?.lane);
    const exclusive = lanes.filter((lane) => lane !== 'none');
    expect(new Set(exclusive).size).toBe(exclusive.length);
  }
});

/** Ten or more kinds: from there on one more changes no other kind's draws. */
const many = fc.subarray<Schedulable>([...allFaults], { minLength: 10 });
const madeUp: fc.Arbitrary<Schedulable> = fc.record({
  kind: fc.stringMatching(/^[a-z]{3,8}-[a-z]{3,8}-new$/),
  lane: fc.constantFrom('none', 'membership', 'network', 'broker', 'topic', 'process'),
  durationMs: fc.constantFrom([0, 0] as const, [500, 4_000] as const),
});

test('one more kind takes the place of at most one fault wherever it occurs, and changes nothing else', () => {
  fc.assert(
    fc.property(
      ...[fc.nat(2 ** 31), fc.integer({ min: 1_000, max: 120_000 }), many, madeUp, fc.nat(40)],
      (seed, durationMs, faults, added, position) => {
        fc.pre(!isDue(added.kind, seed, faults.length + 1));
        const before = planFaults({ seed, durationMs, faults }).map(textOf);
        const after = planFaults({ seed, durationMs, faults: faults.toSpliced(position, 0, added) });
        const occurrences = after.filter(({ kind }) => kind === added.kind).length;
        const others = after.filter(({ kind }) => kind !== added.kind).map(textOf);
        expect(others.filter((fault) => !before.includes(fault))).toEqual([]);
        expect(before.length - others.length).toBeLessThanOrEqual(occurrences);
      },
    ),
    { verbose: true },
  );
});

test('a fault has the time, duration and aim that its kind alone would have in the same period', () => {
  fc.assert(
    fc.property(options, ({ seed, durationMs, faults }) => {
      const planned = planFaults({ seed, durationMs, faults });
      for (const fault of faults) {
        // A single kind occurs in every period that is not calm.
        const alone = planFaults({ seed, durationMs, faults: [fault] }).map(textOf);
        const own = planned.filter(({ kind }) => kind === fault.kind).map(textOf);
        expect(own.filter((text) => !alone.includes(text))).toEqual([]);
      }
    }),
    { verbose: true },
  );
});

test('over the seeds, each kind is due once in eleven runs, so under every protocol and shape', () => {
  for (const kind of allFaultKinds) {
    const seeds = Array.from({ length: 88 }, (_, seed) => seed).filter((seed) => isDue(kind, seed, allFaults.length));
    expect(new Set(seeds.map((seed) => seed % 8))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  }
});

test('every file in kinds/ is a kind of the list, which has each once', () => {
  const files = readdirSync(join(import.meta.dirname, '..', '..', '..', 'src', 'stress', 'faults', 'kinds'));
  expect([...allFaultKinds].sort()).toEqual(files.map((file) => file.replace(/\.ts$/, '')).sort());
});

function textOf(fault: PlannedFault<string>): string {
  return JSON.stringify(fault);
}
