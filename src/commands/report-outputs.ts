import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { HistoryEntry } from '../compare/history.ts';
import { WordcountError } from '../errors.ts';
import type { Output } from '../output/output.ts';
import type { Outputs } from '../output/outputs.ts';
import { renderBencher } from '../report/formats/bencher.ts';
import { renderGithubActionBenchmark } from '../report/formats/github-action-benchmark.ts';
import { renderJunit } from '../report/formats/junit.ts';
import { renderMarkdown } from '../report/formats/markdown.ts';
import { renderPerfTestCsv } from '../report/formats/perf-test-csv.ts';
import type { BenchReport } from '../report/schema.ts';
import type { CommandContext } from './context.ts';
import { appendJobSummary } from './job-summary.ts';

/** Files that a report can be written to, as commander hands them over. */
export interface ReportOutputs {
  readonly html?: string;
  readonly svg?: string;
  readonly markdown?: string;
  readonly githubActionBenchmark?: string;
  readonly bencher?: string;
  readonly csv?: string;
  readonly junit?: string;
}

/** Adds an option for each format. */
export function addReportOutputs(command: Command): Command {
  return command
    .option('--html <file>', 'one page with charts, needs no network')
    .option('--svg <file>', 'lane rebalance: who owned which partition when')
    .option('--markdown <file>', 'the report for a pull request')
    .option(
      '--github-action-benchmark <prefix>',
      'PREFIX-bigger-is-better.json and -smaller-is-better.json; a folder is a prefix, too',
    )
    .option('--bencher <file>', 'Bencher Metric Format')
    .option('--csv <file>', 'the columns of kafka-consumer-perf-test, a line a run of lanes drain and work')
    .option('--junit <file>', 'JUnit XML, a test case a run');
}

/** A file of a report, and what goes into it. */
interface PlannedOutput {
  readonly output: Output;
  readonly render: (report: BenchReport, extras: PageExtras) => string | undefined | Promise<string>;
}

/** What a page draws beside its report. */
interface PageExtras {
  readonly history?: readonly HistoryEntry[];
}

/** Loaded only for a page: the plotting library would make every start of the program slower. */
async function renderPage(report: BenchReport, extras: PageExtras): Promise<string> {
  const { renderHtml } = await import('../report/html/render-html.ts');
  return renderHtml(report, extras);
}

async function renderOwners({ rebalance }: BenchReport): Promise<string> {
  if (rebalance === undefined) throw new Error('the report has no lane rebalance');
  const { renderSwimLanesFile } = await import('../report/html/swim-lanes-file.ts');
  return renderSwimLanesFile(rebalance);
}

/**
 * Checks all destinations, before the work begins.
 * @param facts.hasRebalance - the report has that lane, or will have it
 * @throws WordcountError input, usage
 */
export async function planReportOutputs(
  paths: ReportOutputs,
  outputs: Outputs,
  { hasRebalance }: { readonly hasRebalance: boolean },
): Promise<PlannedOutput[]> {
  const { html, svg, markdown, githubActionBenchmark: prefix, bencher, csv, junit } = paths;
  if (svg !== undefined && !hasRebalance) {
    throw new WordcountError('usage', '--svg: the report has no lane rebalance', {
      hint: 'bench --lane rebalance measures it',
    });
  }
  const planned: PlannedOutput[] = [];
  const plan = async (flag: string, path: string | undefined, render: PlannedOutput['render']): Promise<void> => {
    const output = await outputs.plan(flag, path);
    if (output !== undefined) planned.push({ output, render });
  };
  await plan('--html', html, renderPage);
  await plan('--svg', svg, renderOwners);
  await plan('--markdown', markdown, renderMarkdown);
  for (const better of prefix === undefined ? [] : (['bigger', 'smaller'] as const)) {
    await plan('--github-action-benchmark', directionFile(prefix ?? '', better), (report) =>
      renderGithubActionBenchmark(report, better),
    );
  }
  await plan('--bencher', bencher, renderBencher);
  await plan('--csv', csv, renderPerfTestCsv);
  await plan('--junit', junit, renderJunit);
  return planned;
}

function directionFile(prefix: string, better: 'bigger' | 'smaller'): string {
  const isFolder = statSync(prefix, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(prefix, `${better}-is-better.json`) : `${prefix}-${better}-is-better.json`;
}

/** Writes all files, whichever of them fail, and the Markdown to the summary of a GitHub job where this is one. */
export async function writeReportOutputs(
  report: BenchReport,
  planned: readonly PlannedOutput[],
  outputs: Outputs,
  context: CommandContext,
  extras: PageExtras = {},
): Promise<void> {
  for (const { output, render } of planned) {
    try {
      const text = await render(report, extras);
      if (text === undefined) context.warn(`not written: ${output.path}: the report has no figure for ${output.flag}`);
      else await output.write(() => [text]);
    } catch (cause) {
      // The data is there: one format that can't be made of it does not cost the others.
      const message = `can't make ${output.path} (${output.flag}): ${cause instanceof Error ? cause.message : String(cause)}`;
      outputs.failed(new WordcountError('internal', message, { cause }));
    }
  }
  await appendJobSummary(renderMarkdown(report), context);
}
