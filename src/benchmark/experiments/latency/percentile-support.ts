import type { LatencyPercentiles } from './latency-schema.ts';

const shares = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p99_9: 0.999, p99_99: 0.9999 } as const;
type Percentile = keyof typeof shares;

/**
 * Minimum number of values beyond a percentile. With fewer, the percentile is one of the largest
 * few values and varies from run to run.
 */
const beyondMin = 10;

/** Pure: the percentiles that have at least ten values beyond them; undefined for the others. */
export function supportedPercentiles(of: LatencyPercentiles): Readonly<Record<Percentile, number | undefined>> {
  const entries = Object.entries(shares).map(([name, share]) => {
    // Rounds away binary fractions: 0.1 % of 10,000 must be 10, not 9.99….
    const beyond = Number((of.count * (1 - share)).toPrecision(12));
    return [name, beyond >= beyondMin ? of[name as Percentile] : undefined];
  });
  return Object.fromEntries(entries) as Record<Percentile, number | undefined>;
}
