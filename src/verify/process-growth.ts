import { samplesOf } from '../statistics/statistics.ts';
import { slopeOf } from '../statistics/trend.ts';
import type { HygieneFigures } from './check.ts';

/** The first runs fill caches, code and the pages that V8 and malloc keep. */
const warmUpRuns = 2;
const valuesMin = 5;
export const growthRunsMin = warmUpRuns + valuesMin;
/**
 * Share of the pairs of runs in which the later run has more. Noise alone reaches it in one of 24
 * series of five runs.
 */
const risesMin = 0.85;

/**
 * Growth per run that counts as a leak. Counts are exact, so any steady growth is a leak. Anonymous
 * memory levels off at 10 MiB per run or less between the third and the eighth run (Node 26), with
 * steps of 30 MiB up and down.
 */
const slopeMin = {
  threads: 0.5,
  fileDescriptors: 0.5,
  reservations: 0.5,
  liveMib: 4,
  anonymousMib: 24,
} as const satisfies Partial<Record<keyof HygieneFigures, number>>;

const texts: Readonly<Record<keyof typeof slopeMin, string>> = {
  threads: 'threads',
  fileDescriptors: 'open files',
  reservations: 'tables and WebAssembly memories',
  liveMib: 'MiB in use by the main thread',
  anonymousMib: 'MiB of anonymous memory',
};

/**
 * @param runs - figures after each run, oldest first.
 * @returns one line per figure that grows from run to run
 */
export function growths(runs: readonly HygieneFigures[]): string[] {
  const settled = runs.slice(warmUpRuns);
  if (settled.length < valuesMin) return [];
  return (Object.keys(slopeMin) as (keyof typeof slopeMin)[]).flatMap((name) => {
    const values = settled.map((figures) => figures[name]);
    const slope = slopeOf(samplesOf(values));
    if (slope < slopeMin[name] || risingShare(values) < risesMin) return [];
    const listed = values.map((value) => Math.round(value)).join(', ');
    return [`${texts[name]} increase by ${slope.toFixed(1)} per run: ${listed}`];
  });
}

function risingShare(values: readonly number[]): number {
  const pairs = values.flatMap((value, index) => values.slice(index + 1).map((later) => later > value));
  return pairs.filter(Boolean).length / pairs.length;
}
