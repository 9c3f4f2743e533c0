import type { Command } from 'commander';
import { defineOption, type FlagsOf } from '../config/options/option.ts';
import { noEffect } from '../config/options/rules.ts';
import { anyText } from '../config/options/values.ts';
import { Outputs } from '../output/outputs.ts';
import { idsIn } from '../results/report-sections.ts';
import { renderBench } from '../report/bench-text.ts';
import { ClusterError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { readBenchHistory } from './history-file.ts';
import { addCommand } from './options/add-command.ts';
import { inputName } from './read-input.ts';
import { readReport } from './report-input.ts';
import { allOwnFormatOptions, planReportOutputs, reportOutputOptions, writeReportOutputs } from './report-outputs.ts';

const reportOptions = {
  ...reportOutputOptions,
  history: defineOption({
    flag: '--history <file>',
    help: 'earlier benches to show on the page of --html; written by bench --append-history',
    value: anyText,
  }),
};
type ReportFlags = FlagsOf<typeof reportOptions>;

export function registerReport(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'report',
    description: 'Converts the report of a bench into other formats; without an option, prints its table.',
    arguments: { '<report.json>': 'report written by bench --json; - is standard input' },
    options: { ...reportOptions, ...allOwnFormatOptions },
    rules: [noEffect<ReportFlags>(['history'], 'without --html', ({ html }) => html === undefined)],
    helpText,
    run: (flags, [path = '']) => report(path, flags, context),
  });
}

async function report(path: string, flags: ReportFlags, context: CommandContext): Promise<void> {
  const measured = await readReport(path);
  const history = flags.history === undefined ? [] : (await readBenchHistory(flags.history)).entries;
  const outputs = new Outputs(context);
  outputs.protect(undefined, path);
  outputs.protect('--history', flags.history);
  const files = await planReportOutputs(flags, outputs, idsIn(measured));
  await writeReportOutputs(measured, files, outputs, context, { history });
  if (files.length === 0) context.result(renderBench(measured, { colour: context.colour }));
  const message = `${inputName(path)}: the bench is incomplete, or a run has wrong counts`;
  outputs.conclude(measured.verdict.verified ? undefined : new ClusterError('verificationFailed', message));
}

const helpText = `Every file appears only when it is complete. If GITHUB_STEP_SUMMARY names a file, the Markdown is
appended to it.
Exit code 3 when the bench in the report was not verified, so a pipeline that only converts
reports fails as well.

Examples:
  consumer-cluster report bench.json
  consumer-cluster report bench.json --html bench.html --markdown bench.md --junit bench.xml --csv bench.csv
  consumer-cluster report bench.json --html bench.html --history bench-history.ndjson
  consumer-cluster bench --json - --quiet | consumer-cluster report - --markdown bench.md`;
