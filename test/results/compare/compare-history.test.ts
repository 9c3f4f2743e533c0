import { expect, test } from 'vitest';
import { compareHistory } from '../../../src/results/compare/compare-history.ts';
import { acceptanceOf, historyEntryOf, parseHistory, type HistoryEntry } from '../../../src/results/compare/history.ts';
import { seededRandom } from '../../../src/seeded-random.ts';
import { studentCdf, studentQuantile } from '../../../src/statistics/student.ts';
import { normal, sampleBench } from './sample-benches.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const options = { maxRegression: 0.05, alpha: 0.05, window: 20, acrossMachines: false } as const;

const template = historyEntryOf(sampleBench({ noise: 0.01, random: seededRandom(seed) }));

/** One bench per factor. Levels vary by 2 % and points by another 1 %. */
function history(factors: readonly number[], random: () => number): HistoryEntry[] {
  return factors.map((factor, index) => {
    const level = factor * (1 + 0.02 * normal(random));
    const points = template.points.map((point) => ({
      ...point,
      recordsPerSecond: 1_000 * point.members * level * (1 + 0.01 * normal(random)),
      cpuMicrosPerRecord: (2.5 / level) * (1 + 0.01 * normal(random)),
    }));
    return { ...template, startedAt: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(), points };
  });
}

function verdictOf(factors: readonly number[], random: () => number) {
  const entries = history(factors, random);
  const latest = entries.at(-1);
  if (latest === undefined) throw new Error('no entry');
  return compareHistory(latest, { entries, accepted: [] }, options);
}

const steady = Array.from({ length: 15 }, () => 1);

test(`finds a report that differs from the window, with few false alarms (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let found = 0;
  let alarms = 0;
  for (let trial = 0; trial < 60; trial += 1) {
    if (verdictOf([...steady, 0.85], random).verdict === 'regression') found += 1;
    if (verdictOf([...steady, 1], random).verdict === 'regression') alarms += 1;
  }
  expect(found).toBeGreaterThan(55);
  expect(alarms).toBeLessThanOrEqual(5);
});

test(`finds a gradual drift and a permanent jump (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const drift = verdictOf(
    steady.map((_, index) => 0.985 ** index),
    random,
  );
  expect(drift.verdict).toBe('regression');
  expect(drift.rows[0]?.note).toMatch(/drift|jump/);
  const jump = verdictOf([...steady.slice(0, 8), ...steady.slice(0, 8).map(() => 0.85)], random);
  expect(jump.rows[0]?.note).toMatch(/^jump by -1\d\.\d %, [789] reports ago; pass --accept/);
});

test('few reports are inconclusive, and reports of another machine are ignored', () => {
  const random = seededRandom(seed);
  expect(verdictOf([1, 1, 1], random).verdict).toBe('inconclusive');
  const entries = history([...steady, 1], random);
  const latest = entries.at(-1);
  if (latest === undefined) throw new Error('no entry');
  const elsewhere = { ...latest, machine: 'elsewhere' };
  expect(compareHistory(elsewhere, { entries, accepted: [] }, options).verdict).toBe('inconclusive');
  expect(compareHistory(elsewhere, { entries, accepted: [] }, { ...options, acrossMachines: true }).verdict).not.toBe(
    'regression',
  );
});

test('a point of the window that the latest report lacks is a regression', () => {
  const entries = history([...steady, 1], seededRandom(seed));
  const latest = entries.at(-1);
  if (latest === undefined) throw new Error('no entry');
  const less = { ...latest, points: latest.points.filter(({ members }) => members !== 4) };
  expect(compareHistory(less, { entries, accepted: [] }, options).verdict).toBe('regression');
});

const slower = Array.from({ length: 10 }, () => 0.8);

test(`an accepted jump raises few alarms in later builds, and the next jump is found (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let alarms = 0;
  let found = 0;
  for (let trial = 0; trial < 8; trial += 1) {
    const entries = history([...steady, ...slower], random);
    const jumped = entries[steady.length];
    if (jumped === undefined) throw new Error('no entry');
    const accepted = [acceptanceOf(jumped, new Date())];
    for (const later of [0, 1, 2, 5, 9]) {
      const until = entries.slice(0, steady.length + 1 + later);
      const latest = until.at(-1) ?? jumped;
      const at = (mark: typeof accepted) => compareHistory(latest, { entries: until, accepted: mark }, options);
      // Two or three slow benches widen the prediction interval; more of them show the jump.
      if (later === 0 || later === 9) expect(at([]).verdict).toBe('regression');
      else expect(at([]).verdict).not.toBe('passed');
      if (at(accepted).verdict === 'regression') alarms += 1;
      // Benches before the accepted one estimate the noise, so the next build has a verdict.
      if (later > 0) expect(at(accepted).rows[0]?.coverage).toBe(0.9);
    }
    const worse = history([...steady, ...slower, 0.6], random);
    const latest = worse.at(-1) ?? jumped;
    if (compareHistory(latest, { entries: worse, accepted }, options).verdict === 'regression') found += 1;
  }
  expect(alarms).toBeLessThan(7);
  expect(found).toBe(8);
});

test('ignores levels accepted on another machine or for another workload', () => {
  const entries = history([...steady, 0.8], seededRandom(seed));
  const latest = entries.at(-1);
  if (latest === undefined) throw new Error('no entry');
  const mark = acceptanceOf(latest, new Date());
  for (const other of [
    { ...mark, machine: 'elsewhere' },
    { ...mark, conditions: { records: '1' } },
  ]) {
    expect(compareHistory(latest, { entries, accepted: [other] }, options).verdict).toBe('regression');
  }
  const accepted = compareHistory(latest, { entries, accepted: [mark] }, options);
  expect(accepted.verdict).toBe('passed');
  expect(accepted.notes.join()).toContain('accepted on');
});

test('a tenfold slowdown is a regression even in a window of one bench', () => {
  const random = seededRandom(seed);
  expect(verdictOf([1, 0.1], random).verdict).toBe('regression');
  expect(verdictOf([1, 1, 1, 0.1], random).verdict).toBe('regression');
  expect(verdictOf([1, 1, 1, 0.8], random).verdict).toBe('inconclusive');
});

test('parses a written history and names the line of an invalid entry', () => {
  const entries = history([1, 1], seededRandom(seed));
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  const [first] = entries;
  if (first === undefined) throw new Error('no entry');
  const accepted = acceptanceOf(first, new Date());
  expect(parseHistory('h', `${text}\n${JSON.stringify(accepted)}\n`)).toEqual({ entries, accepted: [accepted] });
  expect(() => parseHistory('h.ndjson', `${text}{}\n`)).toThrow('h.ndjson, line 3');
});

test("Student's t distribution matches published tables", () => {
  expect(studentQuantile(0.975, 1)).toBeCloseTo(12.7062, 3);
  expect(studentQuantile(0.95, 9)).toBeCloseTo(1.8331, 4);
  expect(studentCdf(-2.228, 10)).toBeCloseTo(0.025, 4);
  expect(studentCdf(0, 5)).toBe(0.5);
});
