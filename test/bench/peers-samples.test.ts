import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePerfTest } from '../../bench/peers/perf-test.ts';
import type { PeerRun, PeerTopic } from '../../bench/peers/peer.ts';
import { differencesOf, planPeerRuns } from '../../bench/peers/samples.ts';

describe('the plan', () => {
  const rows = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 25 });
  const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

  test('has every row once as a warm-up and once in each repetition, one repetition after the other', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 5 }), seeds, (names, repetitions, seed) => {
        const plan = planPeerRuns(names, repetitions, seed);
        expect(plan.map(({ repetition }) => repetition)).toEqual(
          Array.from({ length: repetitions + 1 }, (_, repetition) => names.map(() => repetition)).flat(),
        );
        for (let repetition = 0; repetition <= repetitions; repetition += 1) {
          const made = plan.filter((run) => run.repetition === repetition).map(({ peer }) => peer);
          expect(made.sort()).toEqual([...names].sort());
        }
      }),
    );
  });

  test('is the same for the same seed, and orders differ between repetitions and between seeds', () => {
    const names = Array.from({ length: 20 }, (_, index) => `row-${index}`);
    const order = (seed: number): string[] => planPeerRuns(names, 1, seed).map(({ peer }) => peer);
    expect(order(7)).toEqual(order(7));
    expect(order(7)).not.toEqual(order(8));
    expect(order(7).slice(0, 20)).not.toEqual(order(7).slice(20));
  });
});

describe('a run is exact only when', () => {
  const counts = new Map([
    ['whale', 3],
    ['the', 9],
  ]);
  const topic: PeerTopic = {
    topic: 't',
    workload: { type: 'book' },
    endOffsets: [2, 1],
    records: 3,
    bytes: 60,
    words: 12,
    counts,
  };
  const exact: PeerRun = { durationMs: 1, records: 3, bytes: 60, counts, cpuMs: 1, peakRssBytes: 1 };

  test('counts, records and times are right', () => {
    expect(differencesOf(exact, topic, 0)).toEqual([]);
    expect(differencesOf({ ...exact, counts: undefined }, topic, 0)).toEqual([]);
    expect(differencesOf({ ...exact, bytes: 65 }, topic, 5)).toEqual([]);
  });

  test.each([
    ['a record is missing', { records: 2 }],
    ['a record came twice', { records: 4 }],
    ['bytes are missing', { bytes: 54 }],
    ['there are too many bytes', { bytes: 66 }],
    ['the clock stood still', { durationMs: 0 }],
    ['the clock returned nothing', { durationMs: NaN }],
    ['a word has another count', { counts: new Map([...counts, ['whale', 2]] as const) }],
    ['a word is missing', { counts: new Map([['the', 9]]) }],
    ['a word is too many', { counts: new Map([...counts, ['ahab', 1]] as const) }],
    // The totals agree: only a comparison of every word sees it.
    [
      'a count went to another word',
      {
        counts: new Map([
          ['whale', 4],
          ['the', 8],
        ]),
      },
    ],
  ])('not when %s', (_, change: Partial<PeerRun>) => {
    expect(differencesOf({ ...exact, ...change }, topic, 5)).not.toEqual([]);
  });
});

describe("kafka-consumer-perf-test's line", () => {
  test('has the time from the assignment to the end', () => {
    const numbers = fc.record({
      joinMs: fc.integer({ min: 0, max: 10_000 }),
      fetchMs: fc.integer({ min: 1, max: 1_000_000 }),
      endedAtMs: fc.integer({ min: 1.7e12, max: 2e12 }),
      records: fc.integer({ min: 1, max: 1e9 }),
      bytes: fc.integer({ min: 0, max: 1e12 }),
    });
    fc.assert(
      fc.property(numbers, ({ joinMs, fetchMs, endedAtMs, records, bytes }) => {
        const date = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');
        const mib = bytes / 2 ** 20;
        const seconds = (joinMs + fetchMs) / 1_000;
        const line = [
          date(endedAtMs - joinMs - fetchMs),
          date(endedAtMs),
          mib.toFixed(4),
          (mib / seconds).toFixed(4),
          records,
          (records / seconds).toFixed(4),
          joinMs,
          fetchMs,
          (mib / fetchMs).toFixed(4),
          (records / fetchMs).toFixed(4),
        ].join(', ');
        const result = parsePerfTest(`a warning\n${line}\n`);
        expect(result).toMatchObject({ startedAtMs: endedAtMs - fetchMs, endedAtMs, records });
        expect(Math.abs(result.bytes - bytes)).toBeLessThanOrEqual(53);
      }),
    );
  });

  test('is required', () => {
    expect(() => parsePerfTest('WARNING: Exiting before consuming the expected number of messages\n')).toThrow(
      /printed no result/,
    );
  });
});
