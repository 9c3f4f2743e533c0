import { randomUUID } from 'node:crypto';
import type { ResolvedBrokers } from '../../../../brokers/resolve.ts';
import { compareAb } from '../../../../results/compare/compare-ab.ts';
import type { Comparison, ComparisonOptions } from '../../../../results/compare/comparison.ts';
import type { BenchConfig } from '../../../../config/bench.ts';
import { withChildProperties } from '../../../../config/child-properties.ts';
import { isThroughputLane } from '../../../../config/lanes.ts';
import { discardTopic } from '../../../../kafka/kafkajs/create-topic.ts';
import type { Workload } from '../../../../workload/workload.ts';
import { prepareBuild, type AbBuild, type AbSource } from './ab-builds.ts';
import { runAb } from './ab-runs.ts';
import type { BenchProgress } from '../../../bench-topic.ts';
import { fillTopic } from '../../../fill-topic.ts';
import { counted } from '../../../../numbers.ts';

export interface AbOptions extends ComparisonOptions {
  readonly config: BenchConfig;
  /** Records for a new topic, used when the configuration names no topic. */
  readonly workload: Workload;
  readonly brokers: ResolvedBrokers;
  readonly sources: readonly [a: AbSource, b: AbSource];
  readonly pairs: number;
}

/**
 * Runs per process when no lane is `work`. A run of lane `work` takes seconds and varies little, so
 * one is enough.
 */
const abRunsEach = 5;

/**
 * Compares two revisions by running them alternately on the same brokers and topic.
 * @throws ClusterError the errors of prepareBuild and runAb; the signal's reason
 */
export async function measureAb(options: AbOptions, progress: BenchProgress): Promise<Comparison> {
  const { config, brokers, sources, pairs, maxRegression, alpha } = options;
  const builds: AbBuild[] = [];
  const topic = config.topic ?? `bench-${randomUUID().slice(0, 8)}`;
  try {
    for (const source of sources) builds.push(await prepareBuild(source, progress));
    const [a, b] = builds as [AbBuild, AbBuild];
    if (config.topic === undefined) await fillTopic({ ...options, topic, progress }, [0]);
    progress.log(`${counted(pairs, 'pair')} after a warm-up pair: A is ${a.name}, B is ${b.name}`);
    const samples = await withChildProperties(brokers.connection.properties, (clientFlags) =>
      runAb(
        {
          a: a.cli,
          b: b.cli,
          bootstrapServers: brokers.connection.bootstrapServers,
          topic,
          lanes: config.lane.filter(isThroughputLane),
          members: config.members,
          pairs,
          runsEach: config.lane.includes('work') ? 1 : abRunsEach,
          workUs: config.workUs,
          seed: config.seed,
          flags: [...flagsOf(config), ...clientFlags],
        },
        progress,
      ),
    );
    return compareAb(samples, { a: a.name, b: b.name }, { maxRegression, alpha });
  } finally {
    for (const build of builds) await build.remove();
    if (config.topic === undefined) await deleteTopic(options, topic, progress);
  }
}

function flagsOf(config: BenchConfig): string[] {
  const { groupProtocol, assignmentStrategy, sessionTimeout, tokenizer, memoryMib } = config;
  const session = sessionTimeout === undefined ? [] : ['--session-timeout', `${sessionTimeout}ms`];
  // Under protocol consumer the brokers decide both.
  const ofProtocol = { classic: ['--assignment-strategy', assignmentStrategy, ...session], consumer: [] };
  return [
    ...['--group-protocol', groupProtocol, '--tokenizer', tokenizer, '--memory-mib', String(memoryMib)],
    ...ofProtocol[groupProtocol],
  ];
}

/** Does nothing for brokers that this program started: they are deleted with their data. */
async function deleteTopic({ config, brokers }: AbOptions, topic: string, progress: BenchProgress): Promise<void> {
  if (brokers.managed !== undefined) return;
  const left = await discardTopic({ connection: brokers.connection, topic, timeoutMs: config.timeout });
  if (left !== undefined) progress.warn(left);
}
