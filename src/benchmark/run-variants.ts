import { randomUUID } from 'node:crypto';
import type { Connection } from '../config/connection.ts';
import { groupDefaults } from '../config/group.ts';
import type { RunReport } from '../results/report-parts.ts';
import { groupOf } from './bench-settings.ts';
import type { BenchTopic } from './bench-topic.ts';
import type { ExperimentContext } from './experiment-context.ts';
import { planRuns, type PlannedRun, type PlanOptions } from './plan.ts';
import { runLine } from './run-line.ts';
import { runDurable } from './run-durable.ts';
import { runOnce, type RunOptions } from './run-once.ts';
import type { Variant } from './variant.ts';
import { counted } from '../numbers.ts';

/** A run that was made. */
export interface MadeRun<V> {
  readonly variant: V;
  readonly report: RunReport;
}

export interface RunVariantsOptions<V extends Variant> extends Pick<PlanOptions<V>, 'variants' | 'warmUpVariant'> {
  /** Filled; contains the offset range of each service time of the variants. */
  readonly topic: BenchTopic;
  /** Called when all planned runs are made; returns further runs, or none to finish. */
  readonly extend?: (runs: readonly MadeRun<V>[]) => readonly PlannedRun<V>[];
}

export interface RunsMade<V> {
  /** In the order of the plan; fewer than planned when `error` is defined. */
  readonly runs: readonly MadeRun<V>[];
  readonly runsPlanned: number;
  /** Groups of every run that was started. */
  readonly groupIds: readonly string[];
  /** The error that ended the runs early: a failure, or the signal's reason. */
  readonly error: unknown;
}

type Context = Pick<ExperimentContext, 'config' | 'brokers' | 'progress'>;

/**
 * Measures variants on one topic: warm-ups, then repetitions, each of which runs every variant once
 * in random order. An error ends the plan; the result contains it and the runs made until then.
 */
export async function runVariants<V extends Variant>(
  context: Context,
  { topic, variants, warmUpVariant, extend }: RunVariantsOptions<V>,
): Promise<RunsMade<V>> {
  const { config, progress } = context;
  const { repetitions, warmUp: warmUps, seed } = config;
  const plan = planRuns({ variants, warmUpVariant, repetitions, warmUps, seed });
  progress.log(`${counted(plan.length, 'run')}, in random order (--seed ${seed})`);
  const runs: MadeRun<V>[] = [];
  const groupIds: string[] = [];
  // `extend` appends to the plan during this iteration.
  for (const run of plan) {
    const { label } = run.variant;
    const place = `[${String(runs.length + 1).padStart(String(plan.length).length)}/${plan.length}]`;
    progress.live(`${place} ${label} …`);
    const groupId = `bench-${randomUUID().slice(0, 8)}`;
    groupIds.push(groupId);
    try {
      progress.signal.throwIfAborted();
      const report = await runVariant(context, topic, { ...run, groupId });
      runs.push({ variant: run.variant, report });
      progress.log(`${place} ${runLine(label, report)}`);
    } catch (error) {
      return { runs, runsPlanned: plan.length, groupIds, error };
    }
    if (runs.length === plan.length) for (const more of extend?.(runs) ?? []) plan.push(more);
  }
  return { runs, runsPlanned: plan.length, groupIds, error: undefined };
}

function runVariant(
  { config, brokers, progress }: Context,
  topic: BenchTopic,
  { variant, repetition, warmUp, groupId }: PlannedRun<Variant> & { readonly groupId: string },
): Promise<RunReport> {
  const { members, workUs, groupProtocol, assignmentStrategy = groupDefaults.assignmentStrategy } = variant;
  const target = topic.targets.get(workUs);
  if (target === undefined) throw new Error(`the topic has no range for a service time of ${workUs} µs`);
  const connection: Connection = {
    ...brokers.connection,
    properties: { ...brokers.connection.properties, ...variant.properties },
  };
  const group = groupOf({ ...config, groupProtocol, assignmentStrategy }, connection.source);
  const options: RunOptions = {
    run: { lane: target.lane, members, repetition, warmUp },
    target,
    topic: topic.topic,
    connection,
    group: { ...group, groupId, workUs },
    brokerPids: brokers.pids,
    signal: progress.signal,
    onNotice: (text) => {
      progress.notice(text);
    },
  };
  return variant.durable === undefined
    ? runOnce(options)
    : runDurable(options, { ...variant.durable, timeoutMs: config.timeout, progress });
}
