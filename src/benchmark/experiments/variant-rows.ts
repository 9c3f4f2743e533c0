import { largest, smallest } from '../../statistics/extremes.ts';
import { median, samplesOf } from '../../statistics/statistics.ts';
import type { VariantRow, VariantRun, ReportedVariant } from './variants-report.ts';

/** Pure: the medians of each variant that has a measured run. */
export function variantRows(variants: readonly ReportedVariant[], runs: readonly VariantRun[]): VariantRow[] {
  let first: number | undefined;
  return [...variants.keys()].flatMap((variant) => {
    const own = runs.filter((run) => run.variant === variant && !run.warmUp);
    if (own.length === 0) return [];
    const middle = (valueOf: (run: VariantRun) => number): number => median(samplesOf(own.map(valueOf)));
    const rates = own.map(({ recordsPerSecond }) => recordsPerSecond);
    const recordsPerSecond = middle((run) => run.recordsPerSecond);
    if (variant === 0) first = recordsPerSecond;
    return {
      variant,
      runs: own.length,
      recordsPerSecond,
      range: { low: smallest(rates), high: largest(rates) },
      ...(first === undefined ? {} : { ratio: recordsPerSecond / first }),
      cpuMicrosPerRecord: middle((run) => run.cpuMicrosPerRecord),
      joinMs: middle((run) => run.joinMs),
    };
  });
}
