import { durationMsByDefault, p99MsByDefault, rateByDefault } from '../config/bench.ts';
import { createTopic } from '../kafka/create-topic.ts';
import type { LatencyReport } from '../report/latency-schema.ts';
import type { BenchReport } from '../report/schema.ts';
import { describeWorkload } from '../workload/workload.ts';
import type { BenchOptions } from './bench-options.ts';
import { groupOf } from './bench-settings.ts';
import type { BenchProgress } from './bench-topic.ts';
import { runLatencyLane, type LatencyLaneMade } from './latency-lane.ts';

export interface PacedOptions extends BenchOptions {
  readonly partitions: number;
  /** Begins the names of the lanes' topics. */
  readonly topicName: string;
}

/** What the lanes with a schedule have made. */
export interface PacedLanes {
  readonly latency?: LatencyReport;
  /** To be deleted. */
  readonly topics: readonly string[];
  readonly groupIds: readonly string[];
  readonly runs: number;
  readonly runsVerified: number;
  readonly runsPlanned: number;
  /** For a report that has no other. */
  readonly workload: BenchReport['workload'];
  /** What ended them early. */
  readonly error: unknown;
}

/** The lanes that produce while they measure, each on a topic of its own. */
export async function runPacedLanes(options: PacedOptions, progress: BenchProgress): Promise<PacedLanes> {
  const { config, workload, partitions, topicName } = options;
  const made = config.lane.includes('latency') ? await latencyLane(options, progress) : undefined;
  const runs = made?.report.runs ?? [];
  const sum = (value: (run: (typeof runs)[number]) => number): number => runs.reduce((all, run) => all + value(run), 0);
  return {
    ...(made === undefined ? {} : { latency: made.report }),
    topics: made === undefined ? [] : [latencyTopic(topicName)],
    groupIds: made?.groupIds ?? [],
    runs: runs.length,
    runsVerified: runs.filter(({ verified }) => verified).length,
    runsPlanned: made?.runsPlanned ?? 0,
    workload: {
      corpus: describeWorkload(workload),
      topic: latencyTopic(topicName),
      partitions,
      records: sum(({ records }) => records),
      words: sum(({ words }) => words),
      reference: 'generated',
    },
    error: made?.error,
  };
}

async function latencyLane(options: PacedOptions, progress: BenchProgress): Promise<LatencyLaneMade> {
  const { config, workload, brokers, partitions } = options;
  const { connection } = brokers;
  const { replicationFactor, members, repetitions, timeout: timeoutMs } = config;
  const topic = latencyTopic(options.topicName);
  await createTopic({ connection, topic, partitions, replicationFactor, timeoutMs });
  const lane = {
    connection,
    topic,
    partitions,
    workload,
    group: groupOf(config),
    members,
    repetitions,
    warmUps: config.warmUp,
    ratePerSecond: config.rate ?? rateByDefault,
    durationMs: config.duration ?? durationMsByDefault,
    p99MsBound: config.findCapacity === true ? (config.p99Ms ?? p99MsByDefault) : undefined,
    timeoutMs,
  };
  return runLatencyLane(lane, progress);
}

function latencyTopic(topicName: string): string {
  return `${topicName}-latency`;
}
