import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readKafkaInstall } from '../../src/brokers/kafka-install.ts';
import { cachedFolder, runTool } from './cache-folder.ts';
import { dropRunTopics } from './drop-run-topics.ts';
import type { Peer } from './peer.ts';
import { programPeer } from './program-peer.ts';

const sources = join(import.meta.dirname, 'java');
const pomFile = join(sources, 'pom.xml');
const programFile = join(sources, 'WordCount.java');
const jvmFlags = ['-Xmx1g', '-XX:+UseParallelGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];

const common = {
  'num.stream.threads': 2,
  'statestore.cache.max.bytes': 64 * 2 ** 20,
  'topology.optimization': 'all',
  'producer.batch.size': 128 * 2 ** 10,
  'producer.linger.ms': 100,
  'consumer.max.poll.records': 5_000,
  'buffered.records.per.partition': 5_000,
} as const;

const guarantees = {
  // Favours throughput over latency: the default of 100 ms would commit and write out the cache ten
  // times as often.
  exactly_once_v2: { title: 'exactly-once v2', 'commit.interval.ms': 1_000 },
  at_least_once: { title: 'at-least-once', 'commit.interval.ms': 30_000 },
} as const;

/**
 * Kafka Streams' word count (java/WordCount.java), with its repartition, changelog and counts
 * topics on the same brokers. It has finished when the counts topic contains the final count of
 * every word, committed; the time is the brokers' timestamp of the last of them.
 */
export function streams(name: string, guarantee: keyof typeof guarantees): Peer {
  const install = readKafkaInstall();
  const { title, ...committing } = guarantees[guarantee];
  const settings = { 'processing.guarantee': guarantee, ...committing, ...common };
  let classPath = '';
  return programPeer({
    name,
    title: `Kafka Streams ${install.version} word count, ${title}`,
    lane: 'count',
    members: common['num.stream.threads'],
    settings: { jvm: jvmFlags.join(' '), ...settings },
    prepare: async (signal) => {
      classPath = await compile(install.java, signal);
      return undefined;
    },
    command: ({ connection, topic, runId }, files) => [
      install.java,
      ...jvmFlags,
      '-cp',
      classPath,
      'WordCount',
      `bootstrap=${connection.bootstrapServers}`,
      `topic=${topic.topic}`,
      `partitions=${topic.endOffsets.length}`,
      `words=${topic.words}`,
      `application=${runId}`,
      `state=${files.state}`,
      `result=${files.result}`,
      `counts=${files.counts}`,
      ...Object.entries(settings).map(([key, value]) => `streams.${key}=${value}`),
    ],
    // The names of all topics of the application begin with its name, the run's id.
    cleanUp: dropRunTopics,
  });
}

/**
 * Maven fetches Streams and a compiler that runs on any Java, because the set-up installs no JDK.
 * @returns the class path
 */
async function compile(java: string, signal: AbortSignal): Promise<string> {
  const jars = await cachedFolder('java', [pomFile], async (folder) => {
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
    await runTool('mvn', ['-B', '-q', '-C', '--no-transfer-progress', '-f', pomFile, ...goal], {
      signal,
      env: { JAVA_HOME: join(java, '..', '..') },
    });
  });
  const files = readdirSync(jars).map((name) => join(jars, name));
  const isCompiler = (file: string): boolean => /\/ecj-[^/]*\.jar$/.test(file);
  const compiler = files.find(isCompiler);
  if (compiler === undefined) throw new Error(`there is no compiler in ${jars}`);
  const libraries = files.filter((file) => !isCompiler(file)).join(':');
  const classes = await cachedFolder('classes', [pomFile, programFile], async (folder) => {
    const flags = ['-source', '17', '-target', '17', '-warn:none', '-cp', libraries, '-d', folder];
    await runTool(java, ['-jar', compiler, ...flags, programFile], { signal });
  });
  return `${classes}:${libraries}`;
}
