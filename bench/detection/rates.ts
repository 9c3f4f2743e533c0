import { compareAb } from '../../src/results/compare/compare-ab.ts';
import { compareReports } from '../../src/results/compare/compare-reports.ts';
import type { Comparison } from '../../src/results/compare/comparison.ts';

import { gates, type Settings } from './settings.ts';
import type { Trial } from './trials.ts';

interface Judged {
  readonly same: Comparison;
  readonly slow: Comparison;
  readonly line: string;
}

/**
 * The gate's verdict on a trial, by the rules of this version, no matter when the trial was
 * measured. Pure.
 */
export function judgeTrial({ trial, seconds, load, samples, reports }: Trial, settings: Settings): Judged {
  const { maxRegression, alpha } = settings;
  const judge = (side: 'again' | 'slow'): Comparison => {
    if (samples !== undefined) {
      const both = [...samples.before, ...samples[side]];
      return compareAb(both, { a: 'program', b: side }, { maxRegression, alpha });
    }
    if (reports === undefined) throw new Error(`trial ${trial} has no measurements`);
    return compareReports(reports.before, reports[side], { maxRegression, alpha, ratiosOnly: true });
  };
  const [same, slow] = [judge('again'), judge('slow')];
  const line = `trial ${trial}: the same ${summary(same)}; slower ${summary(slow)}; ${seconds.toFixed(0)} s, load ${load.toFixed(1)}`;
  return { same, slow, line };
}

function summary({ verdict, rows }: Comparison): string {
  const changes = rows
    .filter(({ members }) => members === 'all')
    .map(
      ({ measure, change = NaN, pValue = NaN }) => `${measure} ${(100 * change).toFixed(1)} % p ${pValue.toFixed(3)}`,
    );
  return `${verdict} (${changes.join(', ')})`;
}

/** Renders the rates in Markdown. Pure. */
export function renderRates(trials: readonly Trial[], settings: Settings): string {
  const judged = trials.map((trial) => judgeTrial(trial, settings));
  const loads = trials.map(({ load }) => load).sort((a, b) => a - b);
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const { gate, lane, members, runs, records, workUs, slower, maxRegression, alpha } = settings;
  const row = (name: string, of: (each: Judged) => Comparison): string => {
    const count = (verdict: Comparison['verdict']): number =>
      judged.filter((each) => of(each).verdict === verdict).length;
    return `| ${name} | ${trials.length} | ${count('regression')} | ${count('inconclusive')} | ${count('passed')} |`;
  };
  const flags = [
    ...[`--gate ${gate}`, `--lane ${lane}`, `--members ${members.join()}`, ...gates[gate].flags(settings)],
    ...[`--runs ${runs}`, `--records ${records}`, `--max-regression ${100 * maxRegression}`],
  ];
  return `${[
    `\`npm run bench -- detection ${flags.join(' ')}\``,
    '',
    `Gate ${gate}, lane ${lane}, members ${members.join(' and ')}, ${gates[gate].plan(settings)}, ${records} records${lane === 'work' ? `, ${workUs} µs each` : ''};`,
    `--max-regression ${percent(maxRegression)}, --alpha ${percent(alpha)}; ${(seconds / 60).toFixed(0)} minutes of measuring, load average`,
    `${(loads[0] ?? NaN).toFixed(1)} to ${(loads.at(-1) ?? NaN).toFixed(1)}, median ${(loads[Math.floor(loads.length / 2)] ?? NaN).toFixed(1)}.`,
    '',
    '| program | trials | regression | inconclusive | passed |',
    '| --- | ---: | ---: | ---: | ---: |',
    row(`${percent(slower)} slower`, ({ slow }) => slow),
    row('unchanged', ({ same }) => same),
  ].join('\n')}\n`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}
