import type { Command } from 'commander';
import { requireComparable, requireVerified } from '../results/compare/comparable.ts';
import { compareHistory } from '../results/compare/compare-history.ts';
import { compareReports } from '../results/compare/compare-reports.ts';
import { coverageMin, sharesFigures, type Comparison } from '../results/compare/comparison.ts';
import { renderComparison } from '../report/comparison-text.ts';
import { acceptanceOf, historyEntryOf } from '../results/compare/history.ts';
import { defineOption, defineSwitch, type FlagsOf } from '../config/options/option.ts';
import { noEffect } from '../config/options/rules.ts';
import { anyText, countFrom, shareFrom } from '../config/options/values.ts';
import { ClusterError } from '../errors.ts';
import type { Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { renderReportJson } from '../report/report-json.ts';
import type { CommandContext } from './context.ts';
import { appendLines, readBenchHistory } from './history-file.ts';
import { addCommand } from './options/add-command.ts';
import { readReport } from './report-input.ts';

/** Options of every verdict. */
export const verdictOptions = {
  maxRegression: defineOption({
    flag: '--max-regression <share>',
    help: 'smallest change for the worse that is a regression',
    value: shareFrom(0.001, 1),
    default: 0.05,
  }),
  alpha: defineOption({
    flag: '--alpha <share>',
    help: 'probability of a false alarm, for all tests of the verdict together',
    value: shareFrom(0.0001, 0.5),
    default: 0.05,
  }),
};

const compareOptions = {
  history: defineOption({
    flag: '--history <file>',
    help: 'compare one report with the last entries of a history; written by bench --append-history',
    value: anyText,
  }),
  window: defineOption({
    flag: '--window <count>',
    help: '--history: number of entries to compare with',
    value: countFrom(5, 1_000),
    default: 20,
  }),
  accept: defineSwitch({
    flag: '--accept',
    help: '--history: accept the level of this report for later comparisons',
  }),
  acrossMachines: defineSwitch({
    flag: '--across-machines',
    help: 'compare speed-ups only; the reports may come from different machines',
  }),
  ...verdictOptions,
  json: defineOption({
    flag: '--json <file>',
    help: 'write the comparison as JSON; - is stdout, without the table',
    value: anyText,
  }),
};
type CompareFlags = FlagsOf<typeof compareOptions>;

export function registerCompare(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'compare',
    description:
      'Reports whether a bench or an experiment got slower: two reports, or one and a history. The exit code is the verdict.',
    arguments: {
      '<before.json>': 'report of --json; with --history, the one to judge',
      '[after.json]': 'the report to judge',
    },
    options: compareOptions,
    rules: [noEffect<CompareFlags>(['window', 'accept'], 'without --history', ({ history }) => history === undefined)],
    helpText,
    run: async (flags, [before = '', after]) => {
      const outputs = new Outputs(context);
      outputs.protect(undefined, before);
      outputs.protect(undefined, after);
      outputs.protect('--history', flags.history);
      const json = await outputs.plan('--json', flags.json);
      if (flags.accept) await accept(before, flags, context);
      const comparison = await compare(before, after, flags);
      await printComparison(comparison, { outputs, json }, context);
    },
  });
}

async function compare(first: string, second: string | undefined, flags: CompareFlags): Promise<Comparison> {
  const { history, window, maxRegression, alpha, acrossMachines } = flags;
  if ((history === undefined) === (second === undefined)) {
    throw new ClusterError(
      'usage',
      `compare got ${history === undefined ? 'one report and no' : 'two reports and a'} history`,
      {
        hint: 'pass two reports, or one report and --history FILE',
      },
    );
  }
  const report = await readReport(first);
  if (history !== undefined) {
    requireVerified(report);
    const entries = await readBenchHistory(history);
    return compareHistory(historyEntryOf(report), entries, { maxRegression, alpha, window, acrossMachines });
  }
  const after = await readReport(second ?? '');
  requireComparable([report, after], { acrossMachines });
  const comparison = compareReports(report, after, { maxRegression, alpha, ratiosOnly: acrossMachines });
  if (sharesFigures(comparison)) return comparison;
  const what = acrossMachines ? 'speed-up or other ratio' : 'figure with the same members';
  throw new ClusterError('input', `nothing to compare: ${first} and ${second ?? ''} share no ${what}`, {
    hint: 'measure both with the same command and --members; speed-ups require two numbers of members',
  });
}

/**
 * Adds the report's bench to the history unless it is there, and accepts its level.
 * @throws ClusterError input
 */
async function accept(path: string, { history }: CompareFlags, context: CommandContext): Promise<void> {
  if (history === undefined) return;
  const report = await readReport(path);
  requireVerified(report);
  const entry = historyEntryOf(report);
  const { entries } = await readBenchHistory(history);
  const isKnown = entries.some(({ startedAt }) => startedAt === entry.startedAt);
  await appendLines(history, [...(isKnown ? [] : [entry]), acceptanceOf(entry, new Date())]);
  context.log(`accepted in ${history}: later benches are compared with the bench of ${entry.startedAt}`);
}

/**
 * Prints a comparison and throws its verdict.
 * @throws ClusterError regression, inconclusive
 */
export async function printComparison(
  comparison: Comparison,
  { outputs, json }: { readonly outputs: Outputs; readonly json: Output | undefined },
  context: CommandContext,
): Promise<void> {
  if (json?.isStandardOutput !== true) context.result(renderComparison(comparison));
  await json?.write(() => [renderReportJson(comparison)]);
  const worse = comparison.rows.filter(({ verdict }) => verdict === 'regressed' || verdict === 'missing');
  if (comparison.verdict === 'regression') {
    const names = worse.map(
      ({ lane, members, label = members, measure, verdict }) => `${lane}, ${label}: ${measure} ${verdict}`,
    );
    throw new ClusterError('regression', names.join('; '));
  }
  if (comparison.verdict === 'inconclusive') throw inconclusive(comparison);
  outputs.conclude();
}

function inconclusive({ rows, unit, units }: Comparison): ClusterError {
  const few =
    rows.some(({ members, coverage = 0 }) => members === 'all' && coverage < coverageMin) || rows.length === 0;
  const sides = `${units.before} before and ${units.after} after`;
  const counts = { repetition: sides, bench: sides, pair: String(units.before) } as const;
  const hints = {
    repetition: 'pass --repetitions 5 to both benches',
    pair: 'pass --repetitions 10',
    bench: 'add at least 5 benches with bench --append-history',
  } as const;
  if (few)
    return new ClusterError('inconclusive', `too few samples for a verdict: ${counts[unit]}`, { hint: hints[unit] });
  return new ClusterError('inconclusive', 'too much noise for a verdict', {
    hint: 'raise --repetitions or --max-regression, use a quieter machine, or measure both revisions alternately with consumer-cluster ab',
  });
}

const helpText = `A regression is a change for the worse of at least --max-regression that a test confirms, or that
is more than four times the spread of the runs. Passed: a change of that size is ruled out.
Inconclusive: neither. A figure that is missing in the second report is a failure. Reports without
a common figure are an error. It compares, for bench and sweep, records per second and CPU time per
record; for latency, p50 and p99; for rebalance, the time until the group is stable and the median
pause of its partitions. Reports that were measured under other conditions are refused.

The test permutes whole repetitions between the two reports, because the runs of one repetition
share its baseline. --alpha is the probability of a false alarm of the whole verdict, for any
number of members and metrics. Three repetitions for each report are too few to detect most
changes: pass --repetitions 5 to both benches.

With --history each bench is one sample. A report outside the window, a jump and a slow drift
within the window are detected. --accept makes the report the new level, so that an intended
change does not fail later builds.
Runs of the same bench are more alike than runs of two benches, so two reports are weaker evidence
than they seem; consumer-cluster ab measures two revisions alternately.

Exit codes: 0 passed · 1 nothing to compare · 3 a report has wrong counts · 4 regression or
missing figure · 5 inconclusive, or not comparable

Examples:
  consumer-cluster compare base.json new.json --max-regression 10%
  consumer-cluster compare new.json --history bench/history.ndjson --window 20
  consumer-cluster compare new.json --history bench/history.ndjson --accept
  consumer-cluster compare base-of-another-machine.json new.json --across-machines`;
