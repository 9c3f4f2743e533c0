import { randomUUID } from 'node:crypto';
import { groupDefaults } from '../../../../config/group.ts';
import type { Connection } from '../../../../config/connection.ts';
import { whole } from '../../../../results/numbers.ts';
import type { RunReport } from '../../../../results/report-parts.ts';
import { seededRandom, shuffled } from '../../../../seeded-random.ts';
import { groupOf } from '../../../bench-settings.ts';
import type { BenchTopic } from '../../../bench-topic.ts';
import type { ExperimentContext, ExperimentMade } from '../../../experiment-context.ts';
import type { LaneTarget } from '../../../lane-target.ts';
import { makeTopic, recordsToFill } from '../../../make-topic.ts';
import { runOnce } from '../../../run-once.ts';
import type { SweepInput } from '../sweep-command.ts';
import { sweepRows } from '../sweep-rows.ts';
import type { SweepReport, SweepRun, SweepVariant } from '../sweep-schema.ts';

interface PlannedRun {
  readonly variant: number;
  /** Counted from 1; 0 for a warm-up. */
  readonly repetition: number;
}

/** Runs all variants on one topic, in random order within each repetition. */
export async function run(context: ExperimentContext, { variants }: SweepInput): Promise<ExperimentMade<SweepReport>> {
  const { config, progress } = context;
  const topic = await fillTopic(context);
  const plan = planOf(context, variants);
  progress.log(`${plan.length} runs, in random order (--seed ${config.seed})`);
  const runs: SweepRun[] = [];
  const groupIds: string[] = [];
  let error: unknown;
  try {
    for (const { variant, repetition } of plan) {
      const chosen = variants[variant];
      if (chosen === undefined) throw new Error(`no variant ${variant}`);
      progress.signal.throwIfAborted();
      const place = `[${runs.length + 1}/${plan.length}]`;
      progress.live(`${place} ${chosen.label} …`);
      const groupId = `bench-${randomUUID().slice(0, 8)}`;
      groupIds.push(groupId);
      const made = { variant, ...(await measure(context, { topic, variant: chosen, repetition, groupId })) };
      runs.push(made);
      const verdict = made.verified ? 'all counts correct' : 'COUNTED WRONG';
      progress.log(`${place} ${chosen.label}: ${whole(made.recordsPerSecond)} records/s, ${verdict}`);
    }
  } catch (caught) {
    error = caught;
  }
  const { records, words } = rangeOf(topic).reference;
  const rows = sweepRows(variants, runs);
  const { partitions } = topic;
  const section = { records, partitions, workUs: config.workUs, variants: [...variants], rows, runs };
  return { section, runsPlanned: plan.length, records, words, groupIds, error };
}

function fillTopic({ config, workload, brokers, topic, progress }: ExperimentContext): Promise<BenchTopic> {
  const { connection } = brokers;
  const { partitions, replicationFactor, tokenizer, workUs, timeout: timeoutMs } = config;
  const records = recordsToFill(config.numRecords, { workload, connection });
  const lanes = [workUs > 0 ? 'work' : 'drain'] as const;
  return makeTopic(
    { connection, topic, partitions, replicationFactor, workload, records, lanes, workUs, tokenizer, timeoutMs },
    progress,
  );
}

/** The offset range and reference counts of every run. */
function rangeOf({ targets }: BenchTopic): LaneTarget {
  const [target] = targets.values();
  if (target === undefined) throw new Error('the topic has no range to read');
  return target;
}

function planOf({ config }: ExperimentContext, variants: readonly SweepVariant[]): PlannedRun[] {
  const random = seededRandom(config.seed);
  const warmUps = Array.from({ length: config.warmUp }, () => ({ variant: 0, repetition: 0 }));
  const repetitions = Array.from({ length: config.repetitions }, (_, index) =>
    shuffled([...variants.keys()], random).map((variant) => ({ variant, repetition: index + 1 })),
  );
  return [...warmUps, ...repetitions.flat()];
}

async function measure(
  { config, brokers, progress }: ExperimentContext,
  plan: {
    readonly topic: BenchTopic;
    readonly variant: SweepVariant;
    readonly repetition: number;
    readonly groupId: string;
  },
): Promise<Omit<SweepRun, 'variant'>> {
  const { topic, variant, repetition, groupId } = plan;
  const target = rangeOf(topic);
  const { groupProtocol, assignmentStrategy = groupDefaults.assignmentStrategy, members, properties } = variant;
  const connection: Connection = {
    ...brokers.connection,
    properties: { ...brokers.connection.properties, ...properties },
  };
  const group = groupOf({ ...config, groupProtocol, assignmentStrategy }, connection.source);
  const report = await runOnce({
    run: { lane: target.lane, members, repetition, warmUp: repetition === 0 },
    target,
    topic: topic.topic,
    connection,
    group: { ...group, groupId, workUs: target.workUs },
    brokerPids: brokers.pids,
    signal: progress.signal,
    onNotice: (text) => {
      progress.notice(text);
    },
  });
  return pickFacts(report);
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
