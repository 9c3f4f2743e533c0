import { benchError } from '../benchmark/bench-error.ts';
import type { ExperimentId } from '../benchmark/experiments/all-experiments.ts';
import type { BenchOutcome } from '../benchmark/bench.ts';
import { defineOption, type FlagsOf } from '../config/options/option.ts';
import { anyText } from '../config/options/values.ts';
import type { Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { renderBench } from '../report/bench-text.ts';
import type { CommandContext } from './context.ts';
import { appendHistory } from './history-file.ts';
import { writeReport } from './report-file.ts';
import { planReportOutputs, writeReportOutputs, type PlannedOutput, type ReportOutputFlags } from './report-outputs.ts';

export const jsonReportOption = defineOption({
  flag: '--json <file>',
  help: 'write the report; - is stdout, without the table',
  value: anyText,
});

export const appendHistoryOption = defineOption({
  flag: '--append-history <file>',
  help: 'append the results to a history for compare --history',
  value: anyText,
});

type ResultFlags = ReportOutputFlags &
  FlagsOf<{ json: typeof jsonReportOption; appendHistory: typeof appendHistoryOption }>;

/** Where the results of a bench go. */
export interface PlannedResults {
  readonly outputs: Outputs;
  readonly json: Output | undefined;
  readonly history: Output | undefined;
  readonly files: readonly PlannedOutput[];
}

/**
 * Checks all destinations before the measurement starts.
 * @param ids - the experiments that the report will have
 * @throws ClusterError input, usage
 */
export async function planResults(
  flags: ResultFlags,
  ids: readonly ExperimentId[],
  context: CommandContext,
): Promise<PlannedResults> {
  const outputs = new Outputs(context);
  const json = await outputs.plan('--json', flags.json);
  const history = await outputs.plan('--append-history', flags.appendHistory, { isAppended: true });
  const files = await planReportOutputs(flags, outputs, ids);
  return { outputs, json, history, files };
}

/**
 * Prints and writes the results of a bench, and ends with its error if it has one.
 * @throws ClusterError of benchError and of the outputs
 */
export async function deliverResults(
  outcome: BenchOutcome,
  { outputs, json, history, files }: PlannedResults,
  context: CommandContext,
): Promise<void> {
  context.endLive({ clear: true });
  if (json?.isStandardOutput !== true) context.result(renderBench(outcome.report, { colour: context.colour }));
  await writeReport(json, outcome.report);
  await writeReportOutputs(outcome.report, files, outputs, context);
  await appendHistory(history, outcome.report, context);
  outputs.conclude(benchError(outcome));
}
