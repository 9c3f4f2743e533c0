import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { AbSource } from '../benchmark/experiments/ab/run/ab-builds.ts';
import { lanesOf, type BenchConfig, type BenchFlags } from '../config/bench.ts';
import { isThroughputLane } from '../config/lanes.ts';
import { defineOption, type FlagsOf } from '../config/options/option.ts';
import { noEffect, type Rule } from '../config/options/rules.ts';
import { ClusterError } from '../errors.ts';
import type { Output } from '../output/output.ts';
import type { Outputs } from '../output/outputs.ts';
import type { Workload } from '../workload/workload.ts';
import { printComparison, verdictOptions } from './compare.ts';
import type { CommandContext } from './context.ts';
import { allOwnFormatOptions, reportOutputOptions, type ReportOutputFlags } from './report-outputs.ts';

/** The options of a comparison of two revisions. */
export const abOptions = {
  ab: defineOption({
    flag: '--ab <a,b>',
    help: 'compare two git revisions, or folders with built programs, alternately',
    value: { parse: parseRevisions, allowed: 'two revisions', show: (revisions) => revisions.join() },
  }),
  ...verdictOptions,
};

type AbFlags = BenchFlags & FlagsOf<typeof abOptions> & ReportOutputFlags & { readonly appendHistory?: string };

export const abRules: readonly Rule<AbFlags>[] = [
  noEffect<AbFlags>(
    [
      ...(Object.keys(reportOutputOptions) as (keyof ReportOutputFlags)[]),
      ...(Object.keys(allOwnFormatOptions) as never[]),
      ...(['untilPrecision', 'appendHistory', 'warmUp', 'durable'] as const),
    ],
    'with --ab, which prints a comparison',
    (_, isGiven) => isGiven('ab'),
  ),
  (flags, isGiven) => {
    const paced = lanesOf(flags).filter((lane) => !isThroughputLane(lane));
    if (!isGiven('ab') || paced.length === 0) return [];
    const message = `--lane ${paced.join()} has no effect with --ab, which compares the lanes drain and work`;
    return [{ message, hint: 'pass --lane drain, --lane work or both' }];
  },
  noEffect<AbFlags>(['maxRegression', 'alpha'], 'without --ab', (_, isGiven) => !isGiven('ab')),
];

/** @throws ClusterError usage */
export function parseRevisions(flag: string, text: string): readonly [a: string, b: string] {
  const [a = '', b = '', ...others] = text.split(',').map((part) => part.trim());
  if (a !== '' && b !== '' && others.length === 0) return [a, b];
  throw new ClusterError('usage', `${flag}: '${text}' is not a pair of revisions`, {
    hint: flag === '--ab' ? 'write --ab main,HEAD' : 'write main,HEAD',
  });
}

/**
 * Both, before a broker is started or anything is built.
 * @throws ClusterError input when one is neither a revision nor a folder with a built program
 */
export async function findSources([a, b]: readonly [a: string, b: string]): Promise<readonly [AbSource, AbSource]> {
  const { findSource } = await import('../benchmark/experiments/ab/run/ab-builds.ts');
  return [await findSource(a), await findSource(b)];
}

/**
 * Measures and compares two revisions.
 * @throws ClusterError of measureAb; regression, inconclusive
 */
export async function benchAb(
  options: {
    readonly config: BenchConfig & FlagsOf<typeof verdictOptions>;
    readonly sources: readonly [a: AbSource, b: AbSource];
    readonly workload: Workload;
    readonly brokers: ResolvedBrokers;
    readonly outputs: Outputs;
    readonly json: Output | undefined;
  },
  context: CommandContext,
): Promise<void> {
  const { repetitions: pairs, maxRegression, alpha } = options.config;
  const { measureAb } = await import('../benchmark/experiments/ab/run/ab.ts');
  const comparison = await measureAb({ ...options, pairs, maxRegression, alpha }, context);
  context.endLive({ clear: true });
  await printComparison(comparison, options, context);
}
