import type { Command } from 'commander';
import { Outputs } from '../output/outputs.ts';
import { renderBench } from '../report/bench-text.ts';
import { WordcountError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { readHistory } from './history-file.ts';
import { readReport } from './report-input.ts';
import { addReportOutputs, planReportOutputs, writeReportOutputs, type ReportOutputs } from './report-outputs.ts';

interface HistoryOption {
  readonly history?: string;
}

export function registerReport(program: Command, context: CommandContext): void {
  const command = program
    .command('report')
    .description(
      "Turns the report of a bench into what people and other tools read; without an option, the bench's table.",
    )
    .argument('<report.json>', 'written by bench --json; - is standard input');
  addReportOutputs(command)
    .option('--history <file>', 'earlier benches for the page of --html to draw; bench --append-history wrote it')
    .addHelpText('after', helpText);
  command.action(async (path: string, { history: historyFile, ...paths }: ReportOutputs & HistoryOption) => {
    const report = await readReport(path);
    const history = historyFile === undefined ? [] : (await readHistory(historyFile)).entries;
    const outputs = new Outputs(context);
    outputs.protect('the report', path);
    outputs.protect('--history', historyFile);
    const files = await planReportOutputs(paths, outputs, { hasRebalance: report.rebalance !== undefined });
    await writeReportOutputs(report, files, outputs, context, { history });
    if (files.length === 0) context.result(renderBench(report, { colour: context.colour }));
    const { verified } = report.verdict;
    const message = `${path}: not all planned runs were made and counted right`;
    outputs.conclude(verified ? undefined : new WordcountError('verificationFailed', message));
  });
}

const helpText = `
Every file appears only when it is complete. Where GITHUB_STEP_SUMMARY names a file, the Markdown is appended to it.
Exit code 3 when the report's bench did not verify: a pipeline that only makes pictures of it fails, too.

Examples:
  consumer-cluster report bench.json
  consumer-cluster report bench.json --html bench.html --markdown bench.md --junit bench.xml --csv bench.csv
  consumer-cluster report bench.json --html bench.html --history bench-history.ndjson
  consumer-cluster bench --json - --quiet | consumer-cluster report - --markdown bench.md`;
