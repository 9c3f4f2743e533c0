import { expect, test } from 'vitest';
import { compareHistory } from '../../src/compare/compare-history.ts';
import { historyEntryOf, parseHistory, type HistoryEntry } from '../../src/compare/history.ts';
import { seededRandom } from '../../src/metrics/random.ts';
import { studentCdf, studentQuantile } from '../../src/metrics/student.ts';
import { normal, sampleBench } from './sample-benches.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const options = { maxRegression: 0.05, alpha: 0.05, window: 20, acrossMachines: false } as const;

const template = historyEntryOf(sampleBench({ noise: 0.01, random: seededRandom(seed) }));

/** Benches whose levels differ by 2 % and points by another 1 %, times a factor each. */
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
  return compareHistory(latest, entries, options);
}

const steady = Array.from({ length: 15 }, () => 1);

test(`a report unlike the window is found, a usual one raises no alarm (seed ${seed})`, () => {
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

test(`a drift of 1 % a report is found though no step shows it, and so is a jump that stayed (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const drift = verdictOf(
    steady.map((_, index) => 0.985 ** index),
    random,
  );
  expect(drift.verdict).toBe('regression');
  expect(drift.rows[0]?.note).toMatch(/drift|jump/);
  const jump = verdictOf([...steady.slice(0, 8), ...steady.slice(0, 8).map(() => 0.85)], random);
  expect(jump.rows[0]?.note).toMatch(/^jump by -1\d\.\d %, [789] reports ago$/);
});

test('few reports tell nothing yet, and those of another machine are no part of it', () => {
  const random = seededRandom(seed);
  expect(verdictOf([1, 1, 1], random).verdict).toBe('inconclusive');
  const entries = history([...steady, 1], random);
  const latest = entries.at(-1);
  if (latest === undefined) throw new Error('no entry');
  const elsewhere = { ...latest, machine: 'elsewhere' };
  expect(compareHistory(elsewhere, entries, options).verdict).toBe('inconclusive');
  expect(compareHistory(elsewhere, entries, { ...options, acrossMachines: true }).verdict).not.toBe('regression');
});

test('a point that the window has and the latest has not is a failure', () => {
  const entries = history([...steady, 1], seededRandom(seed));
  const latest = entries.at(-1);
  if (latest === undefined) throw new Error('no entry');
  const less = { ...latest, points: latest.points.filter(({ members }) => members !== 4) };
  expect(compareHistory(less, entries, options).verdict).toBe('regression');
});

test('a history through its file and back; a line that is none is named', () => {
  const entries = history([1, 1], seededRandom(seed));
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  expect(parseHistory('h', text)).toEqual(entries);
  expect(() => parseHistory('h.ndjson', `${text}{}\n`)).toThrow('h.ndjson, line 3');
});

test("Student's t: values of a table", () => {
  expect(studentQuantile(0.975, 1)).toBeCloseTo(12.7062, 3);
  expect(studentQuantile(0.95, 9)).toBeCloseTo(1.8331, 4);
  expect(studentCdf(-2.228, 10)).toBeCloseTo(0.025, 4);
  expect(studentCdf(0, 5)).toBe(0.5);
});
