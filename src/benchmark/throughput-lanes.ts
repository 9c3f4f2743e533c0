import type { BenchConfig } from '../config/bench.ts';
import { isThroughputLane, type Lane } from '../config/lanes.ts';
import { nowMs } from '../time/clock.ts';
import type { RunReport } from '../results/report-parts.ts';
import type { BenchOptions } from './bench-options.ts';
import { groupOf } from './bench-settings.ts';
import type { BenchProgress, BenchTopic } from './bench-topic.ts';
import { existingTopic } from './existing-topic.ts';
import { nextRepetition } from './extend-plan.ts';
import { makeTopic, recordsToFill } from './make-topic.ts';
import { planRuns, type PlannedRun } from './plan.ts';
import { runAll, type RunsMade } from './run-all.ts';

/** Results of the lanes `drain` and `work`. */
export interface Throughput {
  readonly topic: BenchTopic;
  readonly made: RunsMade;
}

/**
 * Fills or recounts the topic, and makes all runs of the plan.
 * @returns undefined when neither lane is selected
 */
export async function throughputLanes(
  options: BenchOptions,
  topicName: string,
  progress: BenchProgress,
): Promise<Throughput | undefined> {
  const { config, brokers } = options;
  const lanes = config.lane.filter(isThroughputLane);
  if (lanes.length === 0) return undefined;
  const topic = await topicOf(options, { topicName, lanes }, progress);
  const { members, repetitions, warmUp: warmUps, seed } = config;
  const plan = planRuns({ lanes, members, repetitions, warmUps, seed });
  progress.log(`${plan.length} runs, in random order (--seed ${seed})`);
  const { connection, pids } = brokers;
  const extend = extensionOf(config, { lanes, seed });
  const made = await runAll(
    { plan, extend, topic, connection, group: groupOf(config, connection.source), brokerPids: pids },
    progress,
  );
  return { topic, made };
}

async function topicOf(
  options: BenchOptions,
  { topicName: topic, lanes }: { readonly topicName: string; readonly lanes: readonly Lane[] },
  progress: BenchProgress,
): Promise<BenchTopic> {
  const { config, workload, brokers } = options;
  const { connection } = brokers;
  const common = {
    connection,
    topic,
    lanes,
    workUs: config.workUs,
    tokenizer: config.tokenizer,
    timeoutMs: config.timeout,
  };
  if (config.topic !== undefined) return existingTopic(common, progress);
  const records = recordsToFill(config.numRecords, { workload, connection });
  const { partitions, replicationFactor } = config;
  return makeTopic({ ...common, partitions, replicationFactor, workload, records }, progress);
}

/** Adds repetitions to the plan until --until-precision or --max-time is reached. */
function extensionOf(
  { untilPrecision, members, maxTime }: BenchConfig,
  { lanes, seed }: { readonly lanes: readonly Lane[]; readonly seed: number },
): (runs: readonly RunReport[]) => readonly PlannedRun[] {
  if (untilPrecision === undefined) return () => [];
  const deadlineMs = nowMs() + maxTime;
  return (runs) => nextRepetition(runs, { lanes, members, repetitions: 1, seed, untilPrecision, deadlineMs });
}
