import { createTopic } from '../../../../kafka/kafkajs/create-topic.ts';
import { groupOf } from '../../../bench-settings.ts';
import { fedWorkload, type ExperimentContext, type ExperimentMade } from '../../../experiment-context.ts';
import type { LatencyReport } from '../latency-schema.ts';
import { runLatencyLane } from './latency-lane.ts';

/** Produces to a separate topic on a schedule, and measures the latency of each record. */
export async function run(context: ExperimentContext): Promise<ExperimentMade<LatencyReport>> {
  const { config, workload, brokers, topic, progress } = context;
  const { connection } = brokers;
  const { partitions, replicationFactor, members, repetitions, timeout: timeoutMs } = config;
  await createTopic({ connection, topic, partitions, replicationFactor, timeoutMs });
  const lane = {
    ...{ connection, topic, partitions, workload, members, repetitions, timeoutMs },
    group: groupOf(config, connection.source),
    warmUps: config.warmUp,
    ratePerSecond: config.rate,
    durationMs: config.duration,
    p99MsBound: config.findCapacity ? config.p99Ms : undefined,
  };
  const { report, ...made } = await runLatencyLane(lane, progress);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const records = sum(report.runs.map((one) => one.records));
  const words = sum(report.runs.map((one) => one.words));
  return { ...made, section: report, workload: fedWorkload(context, { records, words }) };
}
