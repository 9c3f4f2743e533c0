import { expect, test } from 'vitest';
import { compareAb } from '../../../src/results/compare/compare-ab.ts';
import { compareHistory } from '../../../src/results/compare/compare-history.ts';
import { compareReports } from '../../../src/results/compare/compare-reports.ts';
import type { Comparison } from '../../../src/results/compare/comparison.ts';
import { historyEntryOf } from '../../../src/results/compare/history.ts';
import { pairedTest } from '../../../src/statistics/paired-test.ts';
import { seededRandom } from '../../../src/seeded-random.ts';
import { samplesOf } from '../../../src/statistics/statistics.ts';
import { correlatedPairs, correlatedReport } from './correlated-benches.ts';
import { sampleBench } from './sample-benches.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const alpha = 0.05;
const trials = 250;
/** Highest number of false alarms: the expected number plus four standard deviations. */
const most = trials * alpha + 4 * Math.sqrt(trials * alpha * (1 - alpha));
/** A limit so small that only the significance test decides. */
const options = { maxRegression: 0.001, alpha } as const;
const names = { a: 'a', b: 'b' } as const;

function alarmsOf(compare: () => Comparison, count = trials): number {
  let alarms = 0;
  for (let trial = 0; trial < count; trial += 1) if (compare().verdict === 'regression') alarms += 1;
  return alarms;
}

test(`ab: the false alarm rate is at most alpha though members share the noise of a process (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const noise = { shared: 0.05, own: 0.02, random };
  expect(alarmsOf(() => compareAb(correlatedPairs(10, noise), names, options))).toBeLessThan(most);
  const found = alarmsOf(() => compareAb(correlatedPairs(10, { ...noise, slower: 0.1 }), names, options), 100);
  expect(found).toBeGreaterThan(90);
});

test(`a test that treats members as independent exceeds alpha with this noise (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let alarms = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const samples = correlatedPairs(10, { shared: 0.05, own: 0.02, random });
    const differences = samples.flatMap((a) => {
      const b = samples.find((other) => other.side === 'b' && other.pair === a.pair && other.members === a.members);
      return a.side === 'a' && b !== undefined ? [Math.log(b.recordsPerSecond / a.recordsPerSecond)] : [];
    });
    if (pairedTest(samplesOf(differences)).pValue < alpha) alarms += 1;
  }
  expect(alarms).toBeGreaterThan(2 * trials * alpha);
});

test.each([false, true])(
  `reports: the false alarm rate is at most alpha though runs share noise; ratios only: %s (seed ${seed})`,
  (ratiosOnly) => {
    const random = seededRandom(seed);
    // The noise of the baseline affects the speed-up of every other number of members.
    const noise = ratiosOnly ? { shared: 0.02, own: 0.05, random } : { shared: 0.05, own: 0.02, random };
    for (const repetitions of [4, 5]) {
      const compare = () =>
        compareReports(correlatedReport(repetitions, noise), correlatedReport(5, noise), { ...options, ratiosOnly });
      expect(alarmsOf(compare), `${repetitions} repetitions`).toBeLessThan(most);
    }
    const quiet = { shared: 0.02, own: 0.02, random };
    const found = alarmsOf(
      () =>
        compareReports(correlatedReport(5, quiet), correlatedReport(5, { ...quiet, slower: 0.1 }), {
          ...options,
          ratiosOnly,
        }),
      100,
    );
    expect(found).toBeGreaterThan(90);
  },
);

test.each([0.03, 0.1, 0.2])(
  `few repetitions: differences far beyond the spread are rarely chance, noise %d (seed ${seed})`,
  (own) => {
    const random = seededRandom(seed);
    const noise = { shared: own, own, random };
    for (const repetitions of [1, 2, 3]) {
      const compare = () =>
        compareReports(correlatedReport(repetitions, noise), correlatedReport(repetitions, noise), {
          ...options,
          ratiosOnly: false,
        });
      expect(alarmsOf(compare), `${repetitions} repetitions`).toBeLessThan(most);
    }
  },
);

test(`history: the false alarm rate of the three tests of a bench is at most alpha (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const count = 100;
  const entries = () =>
    Array.from({ length: 16 }, (_, index) => {
      const level = Math.exp(0.03 * (random() + random() + random() - 1.5));
      const startedAt = new Date(Date.UTC(2026, 0, 1 + index)).toISOString();
      return historyEntryOf(sampleBench({ noise: 0.01, factor: level, repetitions: 2, startedAt, random }));
    });
  const alarms = alarmsOf(() => {
    const made = entries();
    const latest = made.at(-1);
    if (latest === undefined) throw new Error('no entry');
    return compareHistory(latest, { entries: made, accepted: [] }, { ...options, window: 20, acrossMachines: false });
  }, count);
  expect(alarms).toBeLessThan(count * alpha + 4 * Math.sqrt(count * alpha));
});
