import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Peer, PeerRun } from '../../bench/peers/peer.ts';
import { bookGoals } from '../../bench/peers/goals.ts';
import { summarize, type PeersReport } from '../../bench/peers/peers-report.ts';
import { renderPeers } from '../../bench/peers/peers-text.ts';
import type { PeerSample } from '../../bench/peers/samples.ts';

function peer(name: string, lane: Peer['lane']): Peer {
  return {
    name,
    title: `program ${name}`,
    lane,
    members: 1,
    settings: { size: 1 },
    bytesTolerance: 0,
    prepare: () => Promise.resolve(undefined),
    run: () => Promise.reject(new Error('not run here')),
  };
}

const peers = [
  peer('perf-test', 'drain'),
  peer('ours-drain-1', 'drain'),
  peer('ours-drain-2', 'drain'),
  peer('ours-count-5', 'count'),
  peer('ours-count-2', 'count'),
  peer('ours-durable-2', 'count'),
  peer('streams-exactly-once', 'count'),
];

function sample(
  name: string,
  repetition: number,
  recordsPerSecond: number,
  run: Partial<PeerRun> = {},
  differences: readonly string[] = [],
): PeerSample {
  const records = 1_000_000;
  const durationMs = (records / recordsPerSecond) * 1_000;
  return {
    name,
    repetition,
    run: { durationMs, records, bytes: 66 * records, counts: undefined, cpuMs: 500, peakRssBytes: 2 ** 28, ...run },
    differences,
  };
}

function report(samples: readonly PeerSample[]): PeersReport {
  const environment: PeersReport['environment'] = {
    cpu: 'a CPU',
    cores: 2,
    machine: '0123456789ab',
    memoryMib: 4_096,
    platform: 'Linux',
    node: '20',
    program: '0',
    client: '1',
    librdkafka: '2',
    brokers: 'two brokers',
    brokerSource: 'managed',
  };
  const workload = { corpus: 'a book', records: 1_000_000, bytes: 66_000_000, partitions: 4 };
  const facts = { environment, workload, seed: 1, repetitions: 3, partial: false, skipped: [] };
  return summarize(facts, peers, samples, bookGoals);
}

const drainRatio = (from: PeersReport): PeersReport['ratios'][number] | undefined =>
  from.ratios.find(({ peer: name }) => name === 'perf-test');

describe('ratios', () => {
  test('compare the best member counts within each repetition, without warm-ups', () => {
    const result = report([
      sample('perf-test', 0, 1),
      sample('ours-drain-2', 0, 999_999),
      sample('perf-test', 1, 100_000),
      sample('perf-test', 2, 200_000),
      sample('perf-test', 3, 400_000),
      sample('ours-drain-1', 1, 100_000),
      sample('ours-drain-1', 2, 100_000),
      sample('ours-drain-1', 3, 100_000),
      sample('ours-drain-2', 3, 4_000_000),
      sample('ours-drain-2', 1, 300_000),
      sample('ours-drain-2', 2, 800_000),
    ]);
    const ratio = drainRatio(result);
    expect(ratio?.ours).toBe('ours-drain-2');
    // 3, 4 and 10: the ratio of the medians would be 4 as well, that of the means 7.3…
    expect(ratio?.median).toBeCloseTo(4, 9);
    expect(ratio?.ci95[0]).toBeCloseTo(3, 9);
    expect(ratio?.ci95[1]).toBeCloseTo(10, 9);
    expect(ratio?.reached).toBe(true);
  });

  test('do not change when the machine was slower in one repetition than in another', () => {
    const rate = fc.double({ min: 1e3, max: 1e7, noNaN: true });
    const drift = fc.double({ min: 0.1, max: 10, noNaN: true });
    const repetitions = fc.array(fc.record({ ours: rate, theirs: rate, drift }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(repetitions, (rows) => {
        const samplesWith = (factor: (row: (typeof rows)[number]) => number): PeerSample[] =>
          rows.flatMap((row, index) => [
            sample('ours-drain-1', index + 1, row.ours * factor(row)),
            sample('perf-test', index + 1, row.theirs * factor(row)),
          ]);
        const calm = drainRatio(report(samplesWith(() => 1)));
        const drifting = drainRatio(report(samplesWith((row) => row.drift)));
        expect((drifting?.median ?? 0) / (calm?.median ?? 1)).toBeCloseTo(1, 6);
      }),
    );
  });

  test('compare durable counts with the best ones in memory and with Streams, and say how they differ', () => {
    const rates = { 'ours-count-2': 3e6, 'ours-count-5': 2e6, 'ours-durable-2': 2.4e6, 'streams-exactly-once': 4e4 };
    const result = report(Object.entries(rates).map(([name, rate]) => sample(name, 1, rate)));
    const durable = result.ratios.filter(({ ours }) => ours === 'ours-durable-2');
    expect(durable.map(({ peer: name, atLeast, reached }) => ({ name, atLeast, reached }))).toEqual([
      { name: 'streams-exactly-once', atLeast: 40, reached: true },
      { name: 'ours-count-2', atLeast: 0.7, reached: true },
    ]);
    expect(durable.map(({ median }) => Math.round(100 * median))).toEqual([6_000, 80]);
    expect(renderPeers(result)).toContain('readers of the changelog add them');
  });

  test('leave out runs that were not exact', () => {
    const wrong = ['1 words differ'];
    const result = report([
      sample('perf-test', 1, 100_000),
      sample('perf-test', 2, 100_000),
      sample('ours-drain-1', 1, 300_000),
      sample('ours-drain-1', 2, 200_000),
      sample('ours-drain-2', 1, 900_000, {}, wrong),
      sample('ours-drain-2', 2, 900_000),
    ]);
    expect(drainRatio(result)?.ours).toBe('ours-drain-1');
    expect(drainRatio(result)?.median).toBeCloseTo(2.5, 9);
  });
});

describe('rows', () => {
  test('have medians, CPU time per record, and peak memory', () => {
    const [row] = report([
      sample('perf-test', 1, 100_000, { cpuMs: 400, peakRssBytes: 100 * 2 ** 20 }),
      sample('perf-test', 2, 300_000, { cpuMs: 600, peakRssBytes: 300 * 2 ** 20 }),
      sample('perf-test', 3, 200_000, { cpuMs: 2_000, peakRssBytes: 200 * 2 ** 20 }),
    ]).rows;
    expect(row?.recordsPerSecond?.median).toBeCloseTo(200_000, 6);
    expect(row?.cpuMicrosPerRecord).toBeCloseTo(0.6, 9);
    expect(row?.peakRssMib).toBe(300);
    expect(row?.verified).toBe(true);
  });

  test.each([
    ['a run that counted wrong', [sample('perf-test', 1, 1e5, {}, ['1 words differ']), sample('perf-test', 2, 1e5)]],
    [
      'a warm-up that counted wrong',
      [sample('perf-test', 0, 1e5, {}, ['1 words differ']), sample('perf-test', 1, 1e5)],
    ],
    ['a program that failed', [{ name: 'perf-test', repetition: 1, run: undefined, differences: ['exit code 1'] }]],
  ])('are shown as failed after %s', (_, samples) => {
    const result = report(samples);
    expect(result.rows[0]?.verified).toBe(false);
    expect(renderPeers(result)).toMatch(/^perf-test .*FAILED$/m);
  });

  test('are neither exact nor failed when they were not run', () => {
    const result = report([sample('perf-test', 0, 1e5)]);
    expect(result.rows[0]).toMatchObject({ verified: false, failures: [], recordsPerSecond: null });
    expect(renderPeers(result)).toMatch(/^perf-test .*not run$/m);
    expect(renderPeers(result)).not.toContain('FAILED');
  });

  test('of this program compare memory and CPU time with their bounds', () => {
    const ours = (cpuMs: number, mib: number): PeersReport['bounds'] =>
      report([sample('ours-count-5', 1, 1e6, { cpuMs, peakRssBytes: mib * 2 ** 20 })]).bounds;
    expect(ours(199, 599).map(({ reached }) => reached)).toEqual([true, true]);
    expect(ours(201, 601).map(({ reached }) => reached)).toEqual([false, false]);
  });
});

test('the text names every row with its settings, and reports an interruption', () => {
  const result = { ...report([sample('perf-test', 1, 123_456)]), partial: true };
  const text = renderPeers(result);
  for (const { name } of peers) expect(text).toContain(name);
  expect(text).toContain('123,456');
  expect(text).toContain('size=1');
  expect(text).toContain('INTERRUPTED');
});
