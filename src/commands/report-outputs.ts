import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEntry } from '../results/compare/history.ts';
import { defineOption, flagOfName, type FlagsOf } from '../config/options/option.ts';
import { anyText } from '../config/options/values.ts';
import { ClusterError } from '../errors.ts';
import type { Output } from '../output/output.ts';
import type { Outputs } from '../output/outputs.ts';
import { renderBencher } from '../report/formats/bencher.ts';
import { renderGithubActionBenchmark } from '../report/formats/github-action-benchmark.ts';
import { renderJunit } from '../report/formats/junit.ts';
import { renderMarkdown } from '../report/formats/markdown.ts';
import { renderPerfTestCsv } from '../report/formats/perf-test-csv.ts';
import type { BenchReport } from '../results/schema.ts';
import type { CommandContext } from './context.ts';
import { appendJobSummary } from './job-summary.ts';

/** One option for each format of a report. */
export const reportOutputOptions = {
  html: defineOption({
    flag: '--html <file>',
    help: 'HTML page with charts; needs no network',
    value: anyText,
  }),
  svg: defineOption({
    flag: '--svg <file>',
    help: 'lane rebalance: chart of the owners of each partition over time',
    value: anyText,
  }),
  markdown: defineOption({
    flag: '--markdown <file>',
    help: 'the report for a pull request',
    value: anyText,
  }),
  githubActionBenchmark: defineOption({
    flag: '--github-action-benchmark <prefix>',
    help: 'writes PREFIX-bigger-is-better.json and PREFIX-smaller-is-better.json, or both without PREFIX into a folder',
    value: anyText,
  }),
  bencher: defineOption({
    flag: '--bencher <file>',
    help: 'Bencher Metric Format',
    value: anyText,
  }),
  csv: defineOption({
    flag: '--csv <file>',
    help: 'lanes drain and work: a line for each run, with the columns of kafka-consumer-perf-test',
    value: anyText,
  }),
  junit: defineOption({
    flag: '--junit <file>',
    help: 'JUnit XML, a test case for each run',
    value: anyText,
  }),
};
export type ReportOutputFlags = FlagsOf<typeof reportOutputOptions>;

/** @returns undefined when the report has no figure for the format */
type Render = (report: BenchReport, extras: PageExtras) => string | undefined | Promise<string>;

interface ReportFile {
  readonly path: string;
  readonly render: Render;
}

export interface PlannedOutput {
  readonly output: Output;
  readonly render: Render;
}

/** Data that the page shows beside its report. */
interface PageExtras {
  readonly history?: readonly HistoryEntry[];
}

/** Loaded on demand: the plotting library would slow down every start of the program. */
async function renderPage(report: BenchReport, extras: PageExtras): Promise<string> {
  const { renderHtml } = await import('../report/html/render-html.ts');
  return renderHtml(report, extras);
}

async function renderOwners({ rebalance }: BenchReport): Promise<string> {
  if (rebalance === undefined) throw new Error('the report has no lane rebalance');
  const { renderSwimLanesFile } = await import('../benchmark/experiments/rebalance/figures/swim-lanes-file.ts');
  return renderSwimLanesFile(rebalance);
}

const oneFile =
  (render: Render) =>
  (path: string): readonly ReportFile[] => [{ path, render }];

/** The files of each format, in the order in which they are written. */
const formats: Readonly<Record<keyof ReportOutputFlags, (path: string) => readonly ReportFile[]>> = {
  html: oneFile(renderPage),
  svg: oneFile(renderOwners),
  markdown: oneFile(renderMarkdown),
  githubActionBenchmark: (prefix) =>
    (['bigger', 'smaller'] as const).map((better) => ({
      path: directionFile(prefix, better),
      render: (report) => renderGithubActionBenchmark(report, better),
    })),
  bencher: oneFile(renderBencher),
  csv: oneFile(renderPerfTestCsv),
  junit: oneFile(renderJunit),
};

/**
 * Checks all destinations before the measurement starts.
 * @param facts.hasRebalance - whether the report has or will have that lane
 * @throws ClusterError input, usage
 */
export async function planReportOutputs(
  flags: ReportOutputFlags,
  outputs: Outputs,
  { hasRebalance }: { readonly hasRebalance: boolean },
): Promise<PlannedOutput[]> {
  if (flags.svg !== undefined && !hasRebalance) {
    throw new ClusterError('usage', '--svg: the report has no lane rebalance', {
      hint: 'measure it with consumer-cluster rebalance',
    });
  }
  const planned: PlannedOutput[] = [];
  for (const name of Object.keys(formats) as (keyof ReportOutputFlags)[]) {
    const path = flags[name];
    for (const file of path === undefined ? [] : formats[name](path)) {
      const output = await outputs.plan(flagOfName(name), file.path);
      if (output !== undefined) planned.push({ output, render: file.render });
    }
  }
  return planned;
}

function directionFile(prefix: string, better: 'bigger' | 'smaller'): string {
  const isFolder = statSync(prefix, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(prefix, `${better}-is-better.json`) : `${prefix}-${better}-is-better.json`;
}

/** Writes all files, even if some fail, and adds the Markdown to the summary of a GitHub job. */
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
      // One format that fails must not prevent the others.
      const message = `can't create ${output.path} (${output.flag}): ${cause instanceof Error ? cause.message : String(cause)}`;
      outputs.failed(new ClusterError('internal', message, { cause }));
    }
  }
  await appendJobSummary(renderMarkdown(report), context);
}
