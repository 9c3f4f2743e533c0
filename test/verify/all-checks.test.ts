import { describe, expect, test } from 'vitest';
import type { CheckName } from '../../src/verify/check.ts';
import { allChecks } from '../../src/verify/all-checks.ts';
import { commitCases } from './commit-cases.ts';
import { countCases } from './count-cases.ts';
import { batch, result } from './known-history.ts';
import { ownershipCases } from './ownership-cases.ts';
import { restCases } from './rest-cases.ts';
import { acquired, assigned, fault, released, tenBatch, withRuns, type Cases } from './events.ts';

const cases: Cases<CheckName> = { ...ownershipCases, ...commitCases, ...countCases, ...restCases };

describe.each(allChecks)('$name', ({ name }) => {
  const { bad, good } = cases[name];

  test.each(bad)('fails: $what', ({ events, evidence }) => {
    const { violationsTotal, violations } = result(name, events, evidence);
    expect(violationsTotal).toBeGreaterThan(0);
    expect(violations.length).toBeGreaterThan(0);
  });

  test.each(good)('passes: $what', ({ events, evidence }) => {
    expect(result(name, events, evidence).violations).toEqual([]);
  });
});

test('every check that judges has at least two histories that fail it', () => {
  for (const { name } of allChecks.filter((check) => check.name !== 'group-view')) {
    expect(cases[name].bad.length, name).toBeGreaterThanOrEqual(2);
  }
});

test("a group's overlapping assignments are reported, and those without a fault apart", () => {
  expect(result('group-view', [assigned(1), assigned(2)]).reported).toEqual({ overlaps: 1, overlapsWithoutFault: 1 });
  const during = [assigned(1), fault('faultBegun', 'member', 5), assigned(2)];
  expect(result('group-view', during).reported).toEqual({ overlaps: 1, overlapsWithoutFault: 0 });
});

test('the first violation comes with the events around it', () => {
  const { around } = result('exclusive-ownership', [
    acquired(1, 1),
    batch(1, 1, 0, 9),
    acquired(2, 2),
    batch(1, 1, 10, 19),
    released(2, 2),
  ]);
  expect(around.map(({ type }) => type)).toEqual(['acquired', 'batchApplied', 'acquired', 'batchApplied', 'released']);
});

test('evidence that was not collected is not judged, and is reported', () => {
  const unjudged = ['gap-free', 'exactly-once', 'liveness', 'readers', 'hygiene', 'no-silent-stop', 'balance'] as const;
  for (const name of unjudged) {
    expect(result(name, tenBatch).skipped, name).toBeDefined();
  }
});

test('growth is not judged before there are enough runs, and is reported', () => {
  expect(result('hygiene', [], withRuns([{}, {}])).skipped).toContain('7 runs');
  expect(result('hygiene', [], withRuns(Array.from({ length: 7 }, () => ({})))).skipped).toBeUndefined();
});
