import { Option, type Command } from 'commander';
import { requireComparable, requireVerified } from '../compare/comparable.ts';
import { compareHistory } from '../compare/compare-history.ts';
import { compareReports } from '../compare/compare-reports.ts';
import { coverageMin, sharesFigures, type Comparison } from '../compare/comparison.ts';
import { renderComparison } from '../compare/comparison-text.ts';
import { acceptanceOf, historyEntryOf } from '../compare/history.ts';
import { parseShare } from '../config/units.ts';
import { WordcountError } from '../errors.ts';
import type { Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { renderReportJson } from '../report/report-json.ts';
import type { CommandContext } from './context.ts';
import { appendLines, readHistory } from './history-file.ts';
import { readReport } from './report-input.ts';
import { countOf } from './shared-options.ts';

export interface GateOptions {
  readonly maxRegression: number;
  readonly alpha: number;
}

interface CompareOptions extends GateOptions {
  readonly history?: string;
  readonly window: number;
  readonly accept?: boolean;
  readonly acrossMachines?: boolean;
  readonly json?: string;
}

/** Adds --max-regression and --alpha. */
export function addGateOptions(command: Command): Command {
  const share = (flag: string, min: number, max: number) => (text: string) => parseShare(flag, text, { min, max });
  return command
    .addOption(
      new Option('--max-regression <share>', 'least change for the worse that counts')
        .argParser(share('--max-regression', 0.001, 1))
        .default(0.05, '5%'),
    )
    .addOption(
      new Option('--alpha <share>', 'chance of a false alarm that a verdict may have, all its tests together')
        .argParser(share('--alpha', 0.0001, 0.5))
        .default(0.05, '5%'),
    );
}

export function registerCompare(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .description('Says whether a bench got worse: two reports, or one and a history. The exit code is for pipelines.')
    .argument('<before.json>', 'a report of bench --json; with --history, the latest one')
    .argument('[after.json]', 'the report that is judged')
    .option('--history <file>', 'compare the only report with the last ones of a history (bench --append-history)')
    .option('--window <count>', 'how many of the last entries of --history', countOf('--window', 5, 1_000), 20)
    .option('--accept', 'with --history: what the report measures is the level from now on')
    .option('--across-machines', 'compare speed-ups only, which need not be of one machine');
  addGateOptions(command)
    .option('--json <file>', 'write the comparison; - is stdout, without the table')
    .addHelpText('after', helpText);
  command.action(async (before: string, after: string | undefined, options: CompareOptions) => {
    const outputs = new Outputs(context);
    outputs.protect('the first report', before);
    outputs.protect('the second report', after);
    outputs.protect('--history', options.history);
    const json = await outputs.plan('--json', options.json);
    if (options.accept === true) await accept(before, options, context);
    const comparison = await compare(before, after, options);
    await printComparison(comparison, { outputs, json }, context);
  });
}

async function compare(first: string, second: string | undefined, options: CompareOptions): Promise<Comparison> {
  const { history, window, maxRegression, alpha, acrossMachines = false } = options;
  if ((history === undefined) === (second === undefined)) {
    throw new WordcountError('usage', 'compare takes two reports, or one and --history FILE');
  }
  const report = await readReport(first);
  if (history !== undefined) {
    requireVerified(report);
    const entries = await readHistory(history);
    return compareHistory(historyEntryOf(report), entries, { maxRegression, alpha, window, acrossMachines });
  }
  const after = await readReport(second ?? '');
  requireComparable([report, after], { acrossMachines });
  const comparison = compareReports(report, after, { maxRegression, alpha, ratiosOnly: acrossMachines });
  if (sharesFigures(comparison)) return comparison;
  const what = acrossMachines ? 'speed-up of lane drain or work' : 'rate of lane drain or work with the same members';
  throw new WordcountError('input', `nothing to compare: ${first} and ${second ?? ''} share no ${what}`, {
    hint: 'measure both with the same --lane and --members; speed-ups need two numbers of members',
  });
}

/** Adds the report's bench to the history, when it is not there yet, and accepts its level. @throws WordcountError */
async function accept(path: string, { history }: CompareOptions, context: CommandContext): Promise<void> {
  if (history === undefined) throw new WordcountError('usage', '--accept is for compare with --history FILE');
  const report = await readReport(path);
  requireVerified(report);
  const entry = historyEntryOf(report);
  const { entries } = await readHistory(history);
  const isKnown = entries.some(({ startedAt }) => startedAt === entry.startedAt);
  await appendLines(history, [...(isKnown ? [] : [entry]), acceptanceOf(entry, new Date())]);
  context.log(`accepted in ${history}: later benches are compared with the one of ${entry.startedAt}`);
}

/**
 * Prints a comparison and ends with what it says.
 * @throws WordcountError regression, inconclusive
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
    const names = worse.map(({ lane, members, measure, verdict }) => `${lane}, ${members}: ${measure} ${verdict}`);
    throw new WordcountError('regression', names.join('; '));
  }
  if (comparison.verdict === 'inconclusive') throw inconclusive(comparison);
  outputs.conclude();
}

/** Too few values, or too much noise. */
function inconclusive({ rows, unit, units }: Comparison): WordcountError {
  const few =
    rows.some(({ members, coverage = 0 }) => members === 'all' && coverage < coverageMin) || rows.length === 0;
  const counts = unit === 'pair' ? String(units.before) : `${units.before} before and ${units.after} after`;
  const hints = {
    repetition: 'pass --repetitions 5 to both benches',
    pair: 'pass --repetitions 10',
    bench: 'bench --append-history adds a bench to the history: 5 like it tell their noise',
  } as const;
  if (few) return new WordcountError('inconclusive', `too few to tell: ${counts}`, { hint: hints[unit] });
  return new WordcountError('inconclusive', 'noise is too large to tell', {
    hint: 'more --repetitions, a quieter machine or a larger --max-regression; bench --ab measures two revisions in turns',
  });
}

const helpText = `
A regression is a change for the worse of at least --max-regression that a test confirms, or that is more than four times the spread of
the runs. What can't have got worse by that size has passed; between the two the answer is inconclusive. A figure that is missing is a
failure. Reports that share no figure are an error.

The test exchanges whole repetitions between two reports: the runs of a repetition share its baseline and are one piece of evidence.
--alpha is the chance of a false alarm of the whole verdict, whatever the number of members and metrics. Three repetitions a side are
too few for most changes: pass --repetitions 5 to both benches.

With --history a bench counts as one sample: found are a report unlike the window, a jump and a slow drift within it. --accept takes
the report as the new level, so that a change that was meant fails no later build.
Runs of one bench are more alike than those of two, so two reports alone tell less than they seem to: bench --ab
measures two revisions at once.

Exit codes: 0 passed · 1 nothing to compare · 3 a report counted wrong · 4 regression or missing figure · 5 inconclusive, or not comparable

Examples:
  consumer-cluster compare base.json new.json --max-regression 10%
  consumer-cluster compare new.json --history bench/history.ndjson --window 20
  consumer-cluster compare new.json --history bench/history.ndjson --accept
  consumer-cluster compare base-of-another-machine.json new.json --across-machines`;
