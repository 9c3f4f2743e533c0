import { median, samplesOf } from '../../../../statistics/statistics.ts';
import type { RunReport } from '../../../../results/report-parts.ts';

export const runStates = ['undisturbed', 'disturbed', 'warm-up', 'wrong counts'] as const;
export type RunState = (typeof runStates)[number];

/** A run with its position, kind and deviation. */
export interface PlacedRun extends RunReport {
  /** Position in the order of the runs, counted from 1. */
  readonly order: number;
  /**
   * Lane and number of members, such as `work · 3`. Runs of the same kind should have similar
   * results.
   */
  readonly kind: string;
  /**
   * Deviation of the run's rate from the median of its kind, in percent; undefined when the kind
   * has only warm-ups.
   */
  readonly deviation: number | undefined;
  readonly state: RunState;
}

export function placedRuns(runs: readonly RunReport[]): PlacedRun[] {
  return runs.map((run, index) => {
    const kind = kindOf(run);
    const alike = runs.filter((other) => !other.warmUp && kindOf(other) === kind);
    const rates = alike.map(({ recordsPerSecond }) => recordsPerSecond);
    const middle = rates.length === 0 ? 0 : median(samplesOf(rates));
    const deviation = middle > 0 ? 100 * (run.recordsPerSecond / middle - 1) : undefined;
    return { ...run, order: index + 1, kind, deviation, state: stateOf(run) };
  });
}

/** The kinds of all runs, sorted by lane and number of members. */
export function kindsOf(runs: readonly RunReport[]): string[] {
  const sorted = [...runs].sort((a, b) => (a.lane < b.lane ? -1 : a.lane > b.lane ? 1 : a.members - b.members));
  return [...new Set(sorted.map(kindOf))];
}

export function kindOf({ lane, members }: Pick<RunReport, 'lane' | 'members'>): string {
  return `${lane} · ${members}`;
}

function stateOf({ verified, warmUp, rebalances }: RunReport): RunState {
  if (!verified) return 'wrong counts';
  if (warmUp) return 'warm-up';
  return rebalances > 0 ? 'disturbed' : 'undisturbed';
}
