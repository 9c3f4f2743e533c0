import { Option, type Command } from 'commander';
import { requireComparable, requireVerified } from '../compare/comparable.ts';
import { compareHistory } from '../compare/compare-history.ts';
import { compareReports } from '../compare/compare-reports.ts';
import type { Comparison } from '../compare/comparison.ts';
import { renderComparison } from '../compare/comparison-text.ts';
import { historyEntryOf } from '../compare/history.ts';
import { parseShare } from '../config/units.ts';
import { WordcountError } from '../errors.ts';
import { renderReportJson } from '../report/report-json.ts';
import type { CommandContext } from './context.ts';
import { readHistory } from './history-file.ts';
import { readReport } from './report-input.ts';
import { requireWritable, writeResult } from './result-file.ts';
import { countOf } from './shared-options.ts';

export interface GateOptions {
  readonly maxRegression: number;
  readonly alpha: number;
}

interface CompareOptions extends GateOptions {
  readonly history?: string;
  readonly window: number;
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
      new Option('--alpha <share>', 'chance of a false alarm that a test may have')
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
    .option('--across-machines', 'compare speed-ups only, which need not be of one machine');
  addGateOptions(command)
    .option('--json <file>', 'write the comparison; - is stdout, without the table')
    .addHelpText('after', helpText);
  command.action(async (before: string, after: string | undefined, options: CompareOptions) => {
    if (options.json !== undefined) await requireWritable(options.json);
    const comparison = await compare(before, after, options);
    await printComparison(comparison, options.json, context);
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
  return compareReports(report, after, { maxRegression, alpha, ratiosOnly: acrossMachines });
}

/**
 * Prints a comparison and ends with what it says.
 * @throws WordcountError regression, inconclusive
 */
export async function printComparison(
  comparison: Comparison,
  json: string | undefined,
  context: CommandContext,
): Promise<void> {
  if (json !== '-') context.result(renderComparison(comparison));
  if (json !== undefined) await writeResult(json, [renderReportJson(comparison)], context);
  const worse = comparison.rows.filter(({ verdict }) => verdict === 'regressed' || verdict === 'missing');
  if (comparison.verdict === 'regression') {
    const names = worse.map(({ lane, members, measure, verdict }) => `${lane}, ${members}: ${measure} ${verdict}`);
    throw new WordcountError('regression', names.join('; '));
  }
  if (comparison.verdict === 'inconclusive') {
    throw new WordcountError('inconclusive', 'noise is too large to tell', {
      hint: 'more --repetitions, a quieter machine or a larger --max-regression; bench --ab measures two revisions in turns',
    });
  }
}

const helpText = `
A regression is a change for the worse that both a test (Mann-Whitney; --alpha) and its size (--max-regression) call one. What can't have
got worse by that size has passed; between the two the answer is inconclusive. A figure that is missing is a failure.

With --history a bench counts as one sample: found are a report unlike the window, a jump and a slow drift within it.
Runs of one bench are more alike than those of two, so two reports alone tell less than they seem to: bench --ab
measures two revisions at once.

Exit codes: 0 passed · 3 a report counted wrong · 4 regression or missing figure · 5 inconclusive, or not comparable

Examples:
  consumer-cluster compare base.json new.json --max-regression 10%
  consumer-cluster compare new.json --history bench/history.ndjson --window 20
  consumer-cluster compare base-of-another-machine.json new.json --across-machines`;
