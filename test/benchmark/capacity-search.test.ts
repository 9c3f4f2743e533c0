import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CapacitySearch,
  capacityRateMax,
  type Probe,
} from '../../src/benchmark/experiments/latency/run/capacity-search.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const options = { startRate: 5_000, rateMin: 4, rateMax: 2_000_000, precision: 0.1, confirmations: 2, probesMax: 40 };

function search(holds: (probe: Probe) => boolean): { readonly found: number | undefined; readonly probes: Probe[] } {
  const capacity = new CapacitySearch(options);
  const probes: Probe[] = [];
  for (let probe = capacity.next(); probe !== undefined; probe = capacity.next()) {
    probes.push(probe);
    expect(probes.length).toBeLessThanOrEqual(options.probesMax);
    capacity.add(probe, holds(probe));
  }
  return { found: capacity.ratePerSecond, probes };
}

test(`finds a sustainable rate at most 10 % below the capacity of a steady system (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 3_000_000 }), (capacity) => {
      const { found = NaN, probes } = search(({ ratePerSecond }) => ratePerSecond <= capacity);
      expect(found).toBeLessThanOrEqual(capacity);
      // Rates are integers: below 10 per second, adjacent rates differ by more than 10 %.
      const reachable = Math.min(capacity, options.rateMax);
      expect(reachable).toBeLessThanOrEqual(Math.max(found * 1.1, found + 1));
      expect(probes.slice(-2).map(({ purpose }) => purpose)).toEqual(['confirm', 'confirm']);
    }),
    { seed, numRuns: 500 },
  );
});

test(`one failed probe before confirmation does not change the result (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 3_000_000 }), fc.nat({ max: 20 }), (capacity, unlucky) => {
      const steady = ({ ratePerSecond }: Probe): boolean => ratePerSecond <= capacity;
      let turn = 0;
      const { found } = search((probe) => steady(probe) && (turn++ !== unlucky || probe.purpose === 'confirm'));
      expect(found).toBe(search(steady).found);
    }),
    { seed, numRuns: 500 },
  );
});

test('the search ends without a rate when every probe fails', () => {
  expect(search(() => false).found).toBeUndefined();
});

test(`the last two probes confirm any rate found on an erratic system (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (outcomes) => {
      let turn = 0;
      const { found, probes } = search(() => outcomes[turn++] ?? false);
      if (found === undefined) return;
      expect(probes.slice(-2)).toEqual([
        { ratePerSecond: found, purpose: 'confirm' },
        { ratePerSecond: found, purpose: 'confirm' },
      ]);
      expect(outcomes.slice(turn - 2, turn)).toEqual([true, true]);
    }),
    { seed, numRuns: 500 },
  );
});

test('tries a lower rate after a failed confirmation', () => {
  const { found, probes } = search(
    ({ ratePerSecond, purpose }) => ratePerSecond <= (purpose === 'confirm' ? 700 : 1_000),
  );
  const confirmed = probes.filter(({ purpose }) => purpose === 'confirm').map(({ ratePerSecond }) => ratePerSecond);
  expect(confirmed[0]).toBeGreaterThan(900);
  expect(found).toBeLessThanOrEqual(700);
  expect(found).toBeGreaterThan(600);
});

test('probes and kept runs fit into memory, and the search reports when that limit ends it', () => {
  expect(capacityRateMax(30_000, 0)).toBe(666_666);
  expect(capacityRateMax(1_800_000, 9_000_000)).toBe(6_111);
  const limit = capacityRateMax(1_800_000, 9_000_000);
  const ended = (capacity: number) => {
    const search = new CapacitySearch({ ...options, rateMax: limit });
    for (let probe = search.next(); probe !== undefined; probe = search.next()) {
      expect(probe.ratePerSecond * 1_800).toBeLessThanOrEqual(20_000_000 - 9_000_000);
      search.add(probe, probe.ratePerSecond <= capacity);
    }
    return [search.ratePerSecond, search.isLimited];
  };
  expect(ended(1_000_000)).toEqual([limit, true]);
  expect(ended(5_500)[1]).toBe(false);
});
