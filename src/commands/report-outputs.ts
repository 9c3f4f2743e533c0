import { statSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { HistoryEntry } from '../compare/history.ts';
import { WordcountError } from '../errors.ts';
import { renderBencher } from '../report/formats/bencher.ts';
import { renderGithubActionBenchmark } from '../report/formats/github-action-benchmark.ts';
import { renderJunit } from '../report/formats/junit.ts';
import { renderMarkdown } from '../report/formats/markdown.ts';
import { renderPerfTestCsv } from '../report/formats/perf-test-csv.ts';
import type { BenchReport } from '../report/schema.ts';
import type { CommandContext } from './context.ts';
import { requireWritable, writeResult } from './result-file.ts';

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

type Output = readonly [path: string, text: (report: BenchReport) => string | Promise<string>];

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
  if (rebalance === undefined) throw new WordcountError('usage', '--svg: the report has no lane rebalance');
  const { renderSwimLanesFile } = await import('../report/html/swim-lanes-file.ts');
  return renderSwimLanesFile(rebalance);
}

function outputsOf(outputs: ReportOutputs, extras: PageExtras = {}): Output[] {
  const { html, svg, markdown, githubActionBenchmark: prefix, bencher, csv, junit } = outputs;
  const directions = prefix === undefined ? [] : (['bigger', 'smaller'] as const);
  return [
    ...output(html, (report) => renderPage(report, extras)),
    ...output(svg, renderOwners),
    ...output(markdown, renderMarkdown),
    ...directions.flatMap((better) =>
      output(directionFile(prefix ?? '', better), (report) => renderGithubActionBenchmark(report, better)),
    ),
    ...output(bencher, renderBencher),
    ...output(csv, renderPerfTestCsv),
    ...output(junit, renderJunit),
  ];
}

function output(path: string | undefined, text: Output[1]): Output[] {
  return path === undefined ? [] : [[path, text]];
}

function directionFile(prefix: string, better: 'bigger' | 'smaller'): string {
  const isFolder = statSync(prefix, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(prefix, `${better}-is-better.json`) : `${prefix}-${better}-is-better.json`;
}

/** Says at once which of them can't be written. @throws WordcountError input */
export async function requireWritableOutputs(outputs: ReportOutputs): Promise<void> {
  for (const [path] of outputsOf(outputs)) await requireWritable(path);
}

/**
 * Writes all files that were asked for, and the Markdown to the summary of a GitHub job where this is one.
 * @throws WordcountError input; usage, before anything is written, when the report has nothing for one of them
 */
export async function writeOutputs(
  report: BenchReport,
  outputs: ReportOutputs,
  context: CommandContext,
  extras: PageExtras = {},
): Promise<void> {
  // Each is made before the first is written: a report that one of them can't be made of leaves no other behind.
  const made: (readonly [path: string, text: string])[] = [];
  for (const [path, text] of outputsOf(outputs, extras)) made.push([path, await text(report)]);
  for (const [path, text] of made) await writeResult(path, [text], context);
  const summary = process.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (summary === '') return;
  try {
    await appendFile(summary, renderMarkdown(report));
  } catch (error) {
    // The measurement is worth more than its summary.
    context.warn(`can't append to GITHUB_STEP_SUMMARY: ${error instanceof Error ? error.message : String(error)}`);
  }
}
