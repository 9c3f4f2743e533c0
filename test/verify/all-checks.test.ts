import { describe, expect, test } from 'vitest';
import type { CheckId } from '../../src/verify/check.ts';
import { allChecks } from '../../src/verify/all-checks.ts';
import { commitCases } from './commit-cases.ts';
import { countCases } from './count-cases.ts';
import { batch, result } from './known-history.ts';
import { ownershipCases } from './ownership-cases.ts';
import { restCases } from './rest-cases.ts';
import { acquired, assigned, fault, released, tenBatch, withRuns, type Cases } from './events.ts';

const cases: Cases<CheckId> = { ...ownershipCases, ...commitCases, ...countCases, ...restCases };

describe.each(allChecks)('$id $name', ({ id }) => {
  const { bad, good } = cases[id];

  test.each(bad)('fails: $what', ({ events, evidence }) => {
    const { violationsTotal, violations } = result(id, events, evidence);
    expect(violationsTotal).toBeGreaterThan(0);
    expect(violations.length).toBeGreaterThan(0);
  });

  test.each(good)('passes: $what', ({ events, evidence }) => {
    expect(result(id, events, evidence).violations).toEqual([]);
  });
});

test('every check that judges has at least two histories that fail it', () => {
  for (const { id } of allChecks.filter((check) => check.id !== 'V1k')) {
    expect(cases[id].bad.length, id).toBeGreaterThanOrEqual(2);
  }
});

test("a group's overlapping assignments are reported, and those without a fault apart", () => {
  expect(result('V1k', [assigned(1), assigned(2)]).reported).toEqual({ overlaps: 1, overlapsWithoutFault: 1 });
  const during = [assigned(1), fault('faultBegun', 'member', 5), assigned(2)];
  expect(result('V1k', during).reported).toEqual({ overlaps: 1, overlapsWithoutFault: 0 });
});

test('the first violation comes with the events around it', () => {
  const { around } = result('V1', [
    acquired(1, 1),
    batch(1, 1, 0, 9),
    acquired(2, 2),
    batch(1, 1, 10, 19),
    released(2, 2),
  ]);
  expect(around.map(({ type }) => type)).toEqual(['acquired', 'batchApplied', 'acquired', 'batchApplied', 'released']);
});

test('what was not looked at is not judged, and says so', () => {
  for (const id of ['V3', 'V4', 'V8', 'V9', 'V10', 'V11', 'balance'] as const) {
    expect(result(id, tenBatch).skipped, id).toBeDefined();
  }
});

test('growth is not judged before there are enough runs, and says so', () => {
  expect(result('V10', [], withRuns([{}, {}])).skipped).toContain('7 runs');
  expect(result('V10', [], withRuns(Array.from({ length: 7 }, () => ({})))).skipped).toBeUndefined();
});
