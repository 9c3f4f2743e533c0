import { ClusterError } from '../errors.ts';
import type { LiveGroups } from '../live-run/live-groups.ts';
import { renderScenario } from '../report/scenario-summary.ts';
import { compareCounts } from '../workload/compare-counts.ts';
import { referenceCounts } from '../workload/reference-counts.ts';
import type { CommandContext } from './context.ts';
import type { RunFlags } from './run-options.ts';

/** The records that every run produces. */
export const runWorkload = { type: 'book' } as const;

/** A run whose members have all ended. */
export interface EndedRun {
  readonly flags: RunFlags;
  readonly groups: LiveGroups;
  /** Number of records. */
  readonly produced: number;
  readonly perPartition: readonly number[];
  readonly durationMs: number;
  /** The label of the brokers. */
  readonly brokers: string;
  /** Number of crashes, by the group's name. */
  readonly crashes: ReadonlyMap<string, number>;
}

/** What a run prints at its end. */
export interface RunVerdict {
  readonly text: string;
  /** Present when something is wrong. */
  readonly error?: ClusterError;
}

/** Compares the counts in memory with the reference, and checks the history. */
export async function verifyRun(run: EndedRun, context: CommandContext): Promise<RunVerdict> {
  const { flags, produced, crashes } = run;
  const reference = await referenceCounts(runWorkload, { records: produced, tokenizer: flags.tokenizer });
  const { groups } = run.groups.view(produced);
  const words = run.groups.counts();
  context.log('reading the topic again and checking the history');
  const checks = await run.groups.verify({
    generated: reference.counts,
    acknowledged: run.perPartition,
    timeoutMs: flags.timeout,
    signal: context.killSignal,
  });
  const outcomes = groups.map(({ name, records, refused }) => {
    const counts = words.get(name) ?? new Map<string, number>();
    return {
      name,
      records,
      words: [...counts.values()].reduce((sum, count) => sum + count, 0),
      differing: compareCounts(counts, reference.counts).differing,
      crashes: crashes.get(name) ?? 0,
      refused,
      checks: checks.get(name) ?? [],
    };
  });
  const { durationMs, brokers } = run;
  const text = renderScenario({ produced, durationMs, brokers, groups: outcomes });
  if (outcomes.some(({ differing }) => differing > 0))
    return { text, error: new ClusterError('verificationFailed', 'the counts of a group differ from the reference') };
  if (outcomes.some((group) => group.checks.some(({ violationsTotal }) => violationsTotal > 0)))
    return { text, error: new ClusterError('verificationFailed', 'the history of a group violates a guarantee') };
  return { text };
}
