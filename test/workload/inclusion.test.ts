import fc from 'fast-check';
import { expect, test } from 'vitest';
import { includes, inclusionEnd, timesIncluded, type Inclusion } from '../../src/workload/inclusion.ts';

const inclusion: fc.Arbitrary<Inclusion> = fc.oneof(
  fc.nat(60).map((records) => ({ type: 'first' as const, records })),
  fc.array(fc.nat(12), { minLength: 1, maxLength: 6 }).map((limits) => ({ type: 'perPartition' as const, limits })),
);

/** Deals the indices out one by one, as the definition has it. */
function included(given: Inclusion): number[] {
  const indices = Array.from({ length: 200 }, (_, index) => index);
  if (given.type === 'first') return indices.slice(0, given.records);
  const left = [...given.limits];
  return indices.filter((index) => {
    const partition = index % left.length;
    left[partition] = (left[partition] ?? 0) - 1;
    return (left[partition] ?? 0) >= 0;
  });
}

test('an index is included exactly if distributing one by one includes it', () => {
  fc.assert(
    fc.property(inclusion, (given) => {
      const expected = included(given);
      expect(Array.from({ length: 200 }, (_, index) => index).filter((index) => includes(given, index))).toEqual(
        expected,
      );
      expect(inclusionEnd(given)).toBe((expected.at(-1) ?? -1) + 1);
    }),
  );
});

test('a repeated line is included once for each of its indices', () => {
  fc.assert(
    fc.property(inclusion, fc.integer({ min: 1, max: 25 }), (given, lines) => {
      const expected = included(given);
      for (let line = 0; line < lines; line += 1) {
        const times = expected.filter((index) => index % lines === line).length;
        expect(timesIncluded(given, line, lines)).toBe(times);
      }
    }),
  );
});
