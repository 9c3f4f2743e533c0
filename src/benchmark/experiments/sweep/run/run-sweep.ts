import type { RunReport } from '../../../../results/report-parts.ts';
import type { ExperimentContext, ExperimentMade } from '../../../experiment-context.ts';
import { fillTopic } from '../../../fill-topic.ts';
import { runVariants } from '../../../run-variants.ts';
import type { SweepInput } from '../sweep-command.ts';
import { sweepRows } from '../sweep-rows.ts';
import type { SweepReport, SweepRun } from '../sweep-schema.ts';

/** Runs all variants on one topic, in random order within each repetition. */
export async function run(context: ExperimentContext, { variants }: SweepInput): Promise<ExperimentMade<SweepReport>> {
  const { workUs } = context.config;
  const topic = await fillTopic(context, [workUs]);
  const indexed = variants.map((variant, index) => ({ ...variant, index, workUs }));
  const [warmUpVariant] = indexed;
  if (warmUpVariant === undefined) throw new Error('a sweep has variants');
  const made = await runVariants(context, { topic, variants: indexed, warmUpVariant });
  const runs = made.runs.map(({ variant, report }) => ({ variant: variant.index, ...pickFacts(report) }));
  const { partitions, workload } = topic;
  const { records } = topic.targets.get(workUs)?.reference ?? workload;
  const section = { records, partitions, workUs, variants: [...variants], rows: sweepRows(variants, runs), runs };
  return { ...made, section, workload };
}

/**
 * The run facts that a sweep reports, without the sample series, which would make the report long.
 */
function pickFacts(report: RunReport): Omit<SweepRun, 'variant'> {
  const { repetition, warmUp, startedAt, records, words, durationMs, joinMs, recordsPerSecond } = report;
  const { mibPerSecond, cpuMicrosPerRecord, peakRssMib, rebalances, verified, differences } = report;
  return {
    ...{ repetition, warmUp, startedAt, records, words, durationMs, joinMs, recordsPerSecond },
    ...{ mibPerSecond, cpuMicrosPerRecord, peakRssMib, rebalances, verified },
    ...(differences === undefined ? {} : { differences }),
  };
}
