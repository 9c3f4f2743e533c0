import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEntry } from '../results/compare/history.ts';
import { experimentIds, experiments, type ExperimentId } from '../benchmark/experiments/all-experiments.ts';
import type { Experiment, ExperimentFile } from '../benchmark/experiments/experiment.ts';
import { defineOption, flagOfName, type FlagsOf, type Options } from '../config/options/option.ts';
import { anyText } from '../config/options/values.ts';
import { ClusterError } from '../errors.ts';
import type { Output } from '../output/output.ts';
import type { Outputs } from '../output/outputs.ts';
import { renderBencher } from '../report/formats/bencher.ts';
import { renderGithubActionBenchmark } from '../report/formats/github-action-benchmark.ts';
import { renderJunit } from '../report/formats/junit.ts';
import { renderMarkdown } from '../report/formats/markdown.ts';
import { sectionsIn } from '../results/report-sections.ts';
import type { BenchReport } from '../results/schema.ts';
import type { CommandContext } from './context.ts';
import { appendJobSummary } from './job-summary.ts';

/** One option for each format that shows every experiment. */
export const reportOutputOptions = {
  html: defineOption({
    flag: '--html <file>',
    help: 'HTML page with charts; needs no network',
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
  junit: defineOption({
    flag: '--junit <file>',
    help: 'JUnit XML, a test case for each run',
    value: anyText,
  }),
};
/** The flags of these formats; those of formats of one experiment are read by their names. */
export type ReportOutputFlags = FlagsOf<typeof reportOutputOptions>;

/** A format that one experiment declares. */
interface OwnFormat {
  readonly id: ExperimentId;
  readonly name: string;
  readonly file: ExperimentFile<unknown>;
}

const ownFormats: readonly OwnFormat[] = experimentIds.flatMap((id) => {
  const { files = {} }: Experiment<unknown, unknown> = experiments[id];
  return Object.entries(files).map(([name, file]) => ({ id, name, file }));
});

/** The options of the formats that only this experiment has, for its own command. */
export function ownFormatOptions(experiment: ExperimentId): Options {
  const own = ownFormats.filter(({ id }) => id === experiment);
  return Object.fromEntries(own.map(({ name, file }) => [name, file.option]));
}

/**
 * The same of all experiments, for commands that report several: the help names each experiment
 * that has a separate command.
 */
export const allOwnFormatOptions: Options = Object.fromEntries(
  ownFormats.map(({ id, name, file: { option } }) => {
    const named = experiments[id].command === undefined ? option : { ...option, help: `${id}: ${option.help}` };
    return [name, named];
  }),
);

/** Pure: whether a format of one experiment shows any of these. */
export function isShownBy(name: string, ids: readonly ExperimentId[]): boolean {
  return ownFormats.some((format) => format.name === name && ids.includes(format.id));
}

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

const oneFile =
  (render: Render) =>
  (path: string): readonly ReportFile[] => [{ path, render }];

/** The files of each format, in the order in which they are written. */
const formats: Readonly<Record<keyof ReportOutputFlags, (path: string) => readonly ReportFile[]>> = {
  html: oneFile(renderPage),
  markdown: oneFile(renderMarkdown),
  githubActionBenchmark: (prefix) =>
    (['bigger', 'smaller'] as const).map((better) => ({
      path: directionFile(prefix, better),
      render: (report) => renderGithubActionBenchmark(report, better),
    })),
  bencher: oneFile(renderBencher),
  junit: oneFile(renderJunit),
};

/**
 * Checks all destinations before the measurement starts.
 * @param ids - the experiments that the report has or will have
 * @throws ClusterError input, usage
 */
export async function planReportOutputs(
  flags: ReportOutputFlags,
  outputs: Outputs,
  ids: readonly ExperimentId[],
): Promise<PlannedOutput[]> {
  const planned: PlannedOutput[] = [];
  for (const name of Object.keys(formats) as (keyof ReportOutputFlags)[]) {
    const path = flags[name];
    for (const file of path === undefined ? [] : formats[name](path)) {
      const output = await outputs.plan(flagOfName(name), file.path);
      if (output !== undefined) planned.push({ output, render: file.render });
    }
  }
  for (const format of ownFormats) {
    const path = (flags as Readonly<Record<string, unknown>>)[format.name];
    if (typeof path !== 'string') continue;
    if (!ids.includes(format.id)) throw notInReport(format);
    const output = await outputs.plan(flagOfName(format.name), path);
    if (output !== undefined) planned.push({ output, render: rendererOf(format) });
  }
  return planned;
}

function notInReport({ id, name }: OwnFormat): ClusterError {
  const command = experiments[id].command === undefined ? 'bench' : id;
  return new ClusterError('usage', `${flagOfName(name)}: the report has no results of ${id}`, {
    hint: `measure them with consumer-cluster ${command}`,
  });
}

function rendererOf({ id, file }: OwnFormat): Render {
  return async (report) => {
    const own = sectionsIn(report).find(({ experiment }) => experiment.id === id);
    if (own === undefined) throw new Error(`the report has no results of ${id}`);
    return (await file.load()).render(own.section);
  };
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
