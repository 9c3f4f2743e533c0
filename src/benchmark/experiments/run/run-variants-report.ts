import type { RunReport } from '../../../results/report-parts.ts';
import type { ExperimentContext, ExperimentMade } from '../../experiment-context.ts';
import { fillTopic } from '../../fill-topic.ts';
import { runVariants } from '../../run-variants.ts';
import { variantRows } from '../variant-rows.ts';
import type { VariantRun, VariantsInput, VariantsReport } from '../variants-report.ts';

/** Runs all variants on one topic, in random order within each repetition. */
export async function run(
  context: ExperimentContext,
  { variants }: VariantsInput,
): Promise<ExperimentMade<VariantsReport>> {
  const { workUs } = context.config;
  const indexed = variants.map((variant, index) => ({ ...variant, workUs: variant.workUs ?? workUs, index }));
  const [warmUpVariant] = indexed;
  if (warmUpVariant === undefined) throw new Error('an experiment has variants');
  const topic = await fillTopic(context, [...new Set(indexed.map((variant) => variant.workUs))]);
  const made = await runVariants(context, { topic, variants: indexed, warmUpVariant });
  const runs = made.runs.map(({ variant, report }) => ({ variant: variant.index, ...pickFacts(report) }));
  const { partitions, workload } = topic;
  const { records } = topic.targets.get(warmUpVariant.workUs)?.reference ?? workload;
  const section = { records, partitions, workUs, variants: [...variants], rows: variantRows(variants, runs), runs };
  return { ...made, section, workload };
}

/**
 * The run facts that the section contains, without the sample series, which would make the report long.
 */
function pickFacts(report: RunReport): Omit<VariantRun, 'variant'> {
  const { repetition, warmUp, startedAt, records, words, durationMs, joinMs, recordsPerSecond } = report;
  const { mibPerSecond, cpuMicrosPerRecord, peakRssMib, rebalances, verified, differences } = report;
  return {
    ...{ repetition, warmUp, startedAt, records, words, durationMs, joinMs, recordsPerSecond },
    ...{ mibPerSecond, cpuMicrosPerRecord, peakRssMib, rebalances, verified },
    ...(differences === undefined ? {} : { differences }),
  };
}
