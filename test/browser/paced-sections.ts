import { seededRandom } from '../../src/seeded-random.ts';
import type { BenchReport } from '../../src/results/schema.ts';

type Latency = NonNullable<BenchReport['latency']>;
type Rebalance = NonNullable<BenchReport['rebalance']>;
type Percentiles = Latency['points'][number]['correctedMs'];

/** Percentiles that grow by `factor` with each additional nine. */
function percentiles(medianMs: number, factor: number): Percentiles {
  const at = (percentile: number): number => medianMs * factor ** (-Math.log10(1 - percentile / 100) - Math.log10(2));
  return {
    count: 120_000,
    zeroOrLess: medianMs < 0.1 ? 312 : 0,
    min: medianMs / 4,
    mean: medianMs * 1.2,
    p50: medianMs,
    p75: at(75),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p99_9: at(99.9),
    p99_99: at(99.99),
    max: at(99.999),
  };
}

function curve(medianMs: number, factor: number): [number, number][] {
  const steps = Array.from({ length: 60 }, (_, step) => 100 * (1 - 2 ** (-step / 5)));
  return [...steps, 100].map((percentile) => {
    const nines = Math.min(4.2, -Math.log10(1 - percentile / 100));
    return [percentile, medianMs * factor ** (nines - Math.log10(2))];
  });
}

export function latencySection(): Latency {
  const point = (members: number): Latency['points'][number] => ({
    members,
    runs: 3,
    correctedMs: percentiles(4 / members, 2.8),
    sinceSentMs: percentiles(3.6 / members, 2.2),
    closedLoopMs: percentiles(3.2 / members, 1.6),
    splitMs: {
      produce: percentiles(0.05, 3),
      broker: percentiles(1.8 / members, 2),
      fetch: { ...percentiles(0.4, 2), p50: -0.3, min: -1.2, zeroOrLess: 70_000 },
      queue: percentiles(1.1 / members, 2),
      count: percentiles(0.3, 2),
    },
    curves: {
      corrected: curve(4 / members, 2.8),
      sinceSent: curve(3.6 / members, 2.2),
      closedLoop: curve(3.2 / members, 1.6),
    },
  });
  const probe = (ratePerSecond: number, p99Ms: number, purpose: 'bracket' | 'bisect' | 'repeat' | 'confirm') => ({
    ratePerSecond,
    purpose,
    p99Ms,
    catchUpMs: p99Ms * 1.3,
    passed: p99Ms <= 50,
  });
  const probes = [
    probe(5_000, 6.1, 'bracket'),
    probe(10_000, 8.4, 'bracket'),
    probe(20_000, 31, 'bracket'),
    probe(40_000, 2_400, 'bracket'),
    probe(40_000, 2_100, 'repeat'),
    probe(30_000, 410, 'bisect'),
    probe(25_000, 46, 'bisect'),
    probe(25_000, 44, 'confirm'),
  ];
  const points = [point(1), point(4)];
  const runs = points.flatMap(({ members, runs: count, correctedMs, sinceSentMs, closedLoopMs, splitMs }) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ members, correctedMs, sinceSentMs, closedLoopMs, splitMs },
      ...{ repetition: index + 1, ratePerSecond: 4_000, records: 120_000, words: 1_440_000, warmUpRecords: 12_000 },
      ...{ catchUpMs: 3, verified: true },
    })),
  );
  return {
    ratePerSecond: 4_000,
    durationMs: 30_000,
    warmUpMs: 3_000,
    partitions: 4,
    producerProperties: { 'linger.ms': 0 },
    runs,
    points,
    capacity: [{ members: 4, p99MsBound: 50, ratePerSecond: 25_000, precision: 0.2, probes }],
  };
}

export function rebalanceSection(): Rebalance {
  const random = seededRandom(11);
  const protocols = ['range', 'roundrobin', 'cooperative-sticky', 'consumer'] as const;
  const causes = ['join', 'leave', 'crash', 'scaleUp', 'scaleDown'] as const;
  const rows = protocols.flatMap((protocol, index) =>
    causes.map((cause): Rebalance['rows'][number] => {
      const p50 = (cause === 'crash' ? 3_100 : 240) / (index + 1) + 20 * random();
      return {
        protocol,
        cause,
        fromMembers: cause === 'scaleDown' ? 5 : cause === 'scaleUp' ? 1 : 2,
        toMembers: cause === 'scaleDown' ? 1 : cause === 'scaleUp' ? 5 : cause === 'join' ? 3 : 1,
        runs: 3,
        settleMs: p50 * 1.4,
        moved: 2,
        gapsMs: { p50, max: p50 * (1.2 + random()) },
        movedGapsMs: { p50, max: p50 * 1.5 },
        splitMs: { detect: p50 * 0.5, revoke: p50 * 0.1, assign: p50 * 0.3, firstRecord: p50 * 0.1 },
        refetched: Math.round(400 * random()),
        stoppedThoughKept: { partitions: index < 2 ? 2 : 0, members: index < 2 ? 1 : 0, maxMs: index < 2 ? p50 : 0 },
      };
    }),
  );
  const timeline = protocols.flatMap((protocol) =>
    [0, 1, 2, 3].flatMap((partition): Rebalance['timeline'] => {
      const gone = 2_000 + 30 * partition;
      const back = gone + 300 + 400 * random();
      return [
        { protocol, partition, member: partition < 2 ? 0 : 1, fromMs: 0, toMs: gone, kind: 'owned' },
        { protocol, partition, member: partition % 3, fromMs: gone, toMs: back, kind: 'gap' },
        { protocol, partition, member: partition % 3, fromMs: back, toMs: 6_000, kind: 'owned' },
      ];
    }),
  );
  const marks = protocols.flatMap((protocol): Rebalance['marks'] => [
    { protocol, atMs: 1_950, cause: 'join', text: 'member 2 joins' },
    { protocol, atMs: 4_500, cause: 'crash', text: 'member 0 crashes' },
  ]);
  return { ratePerSecond: 2_000, partitions: 4, sessionTimeoutMs: 3_000, rows, timeline, marks, verified: true };
}
