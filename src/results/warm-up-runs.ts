import { shiftTest } from '../statistics/rank-tests.ts';
import { median, samplesOf } from '../statistics/statistics.ts';
import { warmUpLength } from '../statistics/warm-up.ts';
import type { RunReport } from './report-parts.ts';

/** Significance level: the probability of excluding runs although there was no warm-up. */
const alpha = 0.01;
/** Number of runs that must remain for each number of members. */
const runsMin = 3;

/**
 * Pure: also marks measured runs that were in fact warm-ups. For each lane it divides the rate of
 * every run by the median of its number of members, in the order in which the runs were made. It
 * marks the start of this series as warm-up if the MSER rule cuts there, the cut is at most a third
 * of the series, and the cut runs were significantly slower (Mann-Whitney test, 1 %).
 */
export function markWarmUps(runs: readonly RunReport[]): RunReport[] {
  const detected = new Set([...new Set(runs.map(({ lane }) => lane))].flatMap((lane) => warmUpsOf(runs, lane)));
  return runs.map((run) => (detected.has(run) ? { ...run, warmUp: true, warmUpDetected: true } : run));
}

function warmUpsOf(runs: readonly RunReport[], lane: RunReport['lane']): readonly RunReport[] {
  const measured = runs.filter((run) => run.lane === lane && !run.warmUp);
  const medians = new Map(
    [...new Set(measured.map(({ members }) => members))].map((members) => {
      const rates = measured.filter((run) => run.members === members).map((run) => run.recordsPerSecond);
      return [members, median(samplesOf(rates))] as const;
    }),
  );
  const series = measured.map(({ members, recordsPerSecond }) => recordsPerSecond / (medians.get(members) ?? NaN));
  const cut = warmUpLength(series) ?? 0;
  if (cut === 0 || cut > series.length / 3) return [];
  const rest = measured.slice(cut);
  if ([...medians.keys()].some((members) => rest.filter((run) => run.members === members).length < runsMin)) return [];
  const before = samplesOf(series.slice(0, cut));
  const { pValue, shift } = shiftTest([{ before, after: samplesOf(series.slice(cut)) }]);
  return pValue < alpha && shift > 0 ? measured.slice(0, cut) : [];
}
