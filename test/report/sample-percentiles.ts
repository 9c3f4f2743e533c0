import type { LatencyPercentiles } from '../../src/benchmark/experiments/latency/latency-schema.ts';

export const percentiles: LatencyPercentiles = {
  count: 100_000,
  zeroOrLess: 0,
  min: 1,
  mean: 2,
  p50: 2,
  p75: 3,
  p90: 4,
  p95: 5,
  p99: 6,
  p99_9: 7,
  p99_99: 8,
  max: 9,
};
