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

test(`a steady system: the rate found holds, and the capacity is at most 10 % above it (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 3_000_000 }), (capacity) => {
      const { found = NaN, probes } = search(({ ratePerSecond }) => ratePerSecond <= capacity);
      expect(found).toBeLessThanOrEqual(capacity);
      // Rates are whole: below 10 a second the next one is more than 10 % away.
      const reachable = Math.min(capacity, options.rateMax);
      expect(reachable).toBeLessThanOrEqual(Math.max(found * 1.1, found + 1));
      expect(probes.slice(-2).map(({ purpose }) => purpose)).toEqual(['confirm', 'confirm']);
    }),
    { seed, numRuns: 500 },
  );
});

test(`one unlucky probe on the way changes nothing (seed ${seed})`, () => {
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

test('nothing holds: no rate is found, and the search ends', () => {
  expect(search(() => false).found).toBeUndefined();
});

test(`a system with moods: a rate that is found has held in two probes in a row at the end (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (moods) => {
      let turn = 0;
      const { found, probes } = search(() => moods[turn++] ?? false);
      if (found === undefined) return;
      expect(probes.slice(-2)).toEqual([
        { ratePerSecond: found, purpose: 'confirm' },
        { ratePerSecond: found, purpose: 'confirm' },
      ]);
      expect(moods.slice(turn - 2, turn)).toEqual([true, true]);
    }),
    { seed, numRuns: 500 },
  );
});

test('a rate that fails its confirmation is too high: the next one tried is lower', () => {
  const { found, probes } = search(
    ({ ratePerSecond, purpose }) => ratePerSecond <= (purpose === 'confirm' ? 700 : 1_000),
  );
  const confirmed = probes.filter(({ purpose }) => purpose === 'confirm').map(({ ratePerSecond }) => ratePerSecond);
  expect(confirmed[0]).toBeGreaterThan(900);
  expect(found).toBeLessThanOrEqual(700);
  expect(found).toBeGreaterThan(600);
});

test('probes fit into memory beside the runs that are kept, and a search that ends there says so', () => {
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
