import { randomBytes } from 'node:crypto';
import type { BenchProgress } from '../../src/benchmark/bench-topic.ts';
import { makeTopic } from '../../src/benchmark/make-topic.ts';
import { runVariants, type MadeRun } from '../../src/benchmark/run-variants.ts';
import type { Variant } from '../../src/benchmark/variant.ts';
import type { ResolvedBrokers } from '../../src/brokers/resolve.ts';
import { experimentConfig } from '../../src/config/bench.ts';
import { groupDefaults } from '../../src/config/group.ts';
import { discardTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { discardGroups } from '../../src/kafka/kafkajs/discard-groups.ts';

export interface TopicOptions {
  readonly vocabulary: number;
  readonly records: number;
  readonly partitions: number;
  readonly members: number;
  readonly repetitions: number;
  readonly seed: number;
  /** Measured beside a group that counts in memory. Milliseconds. */
  readonly intervalsMs: readonly number[];
}

interface TopicRuns {
  readonly vocabulary: number;
  readonly distinctWords: number;
  readonly runs: readonly MadeRun<Variant>[];
  /** The error that ended the runs early, if any. */
  readonly error: unknown;
}

const timeoutMs = 30_000;
const recordBytes = 66;

/**
 * Drains one topic of seeded words in memory and with each commit interval: a warm-up, then
 * repetitions, each of which runs all of them in random order. Deletes the topic and the groups.
 */
export async function measureTopic(
  brokers: ResolvedBrokers,
  { vocabulary, records, partitions, members, repetitions, seed, intervalsMs }: TopicOptions,
  progress: BenchProgress,
): Promise<TopicRuns> {
  const { connection } = brokers;
  const topic = `durable-costs-${randomBytes(4).toString('hex')}`;
  const { groupProtocol, assignmentStrategy, tokenizer } = groupDefaults;
  const common = { members, workUs: 0, groupProtocol, assignmentStrategy };
  const inMemory: Variant = { ...common, label: 'in memory' };
  const durable = intervalsMs.map((commitIntervalMs): Variant => {
    return { ...common, label: `durable, ${commitIntervalMs / 1_000} s`, durable: { commitIntervalMs } };
  });
  let groupIds: readonly string[] = [];
  try {
    const workload = { type: 'zipf', vocabulary, recordBytes, seed, nonAsciiShare: 0 } as const;
    const made = await makeTopic(
      {
        ...{ connection, topic, partitions, replicationFactor: undefined, workload, records },
        ...{ serviceTimesUs: [0], tokenizer, timeoutMs },
      },
      progress,
    );
    const config = experimentConfig({ timeout: timeoutMs, seed }, { members: [members], repetitions });
    const measured = await runVariants(
      { config, brokers, progress },
      { topic: made, variants: [inMemory, ...durable], warmUpVariant: durable[0] ?? inMemory },
    );
    ({ groupIds } = measured);
    const distinctWords = made.targets.get(0)?.reference.counts.size ?? 0;
    return { vocabulary, distinctWords, runs: measured.runs, error: measured.error };
  } finally {
    const groupsLeft = await discardGroups(connection, groupIds, timeoutMs);
    const topicLeft = await discardTopic({ connection, topic, timeoutMs });
    for (const left of [groupsLeft, topicLeft]) if (left !== undefined) progress.warn(left);
  }
}
