import { mockRecordsByDefault, recordsByDefault } from '../config/bench.ts';
import type { Connection } from '../config/connection.ts';
import { ClusterError } from '../errors.ts';
import { createTopic } from '../kafka/kafkajs/create-topic.ts';
import { readTopicRange, type TopicRange } from '../kafka/kafkajs/topic-range.ts';
import { produceToTopic, type ProduceResult } from '../workload/produce-to-topic.ts';
import type { ReferenceCounts } from '../workload/merge-counts.ts';
import { referenceCounts, type ReferenceOptions } from '../workload/reference-counts.ts';
import { describeWorkload, type Workload } from '../workload/workload.ts';
import type { BenchTopic, BenchProgress } from './bench-topic.ts';
import { workLaneEnds, type LaneTarget } from './lane-target.ts';
import { counted, whole } from '../numbers.ts';

export interface MakeTopicOptions {
  readonly connection: Connection;
  /** Name of the topic; it must not exist. */
  readonly topic: string;
  readonly partitions: number;
  /** Undefined for the default: 2, or 1 with a single broker. */
  readonly replicationFactor: number | undefined;
  readonly workload: Workload;
  /** Number of records, repeating the workload; `once` produces each line of its files once. */
  readonly records: number | 'once';
  /** Service times per record, microseconds, each of which gets an offset range; 0 gets all. */
  readonly serviceTimesUs: readonly number[];
  readonly tokenizer: ReferenceOptions['tokenizer'];
  readonly timeoutMs: number;
}

/** Pure: the size of a topic that a bench fills: --num-records, or its default. */
export function recordsToFill(
  numRecords: number | undefined,
  { workload, connection }: Pick<MakeTopicOptions, 'workload' | 'connection'>,
): MakeTopicOptions['records'] {
  if (numRecords !== undefined) return numRecords;
  const generated = { managed: recordsByDefault, external: recordsByDefault, mock: mockRecordsByDefault }[
    connection.source
  ];
  const records = { files: 'once', book: generated, zipf: generated } as const;
  return records[workload.type];
}

/**
 * Creates a topic and fills it, while counting the reference from the same workload. After an
 * error, the caller deletes the topic.
 * @throws ClusterError for broker and input errors; limit when the brokers did not retain all
 * records; the signal's reason
 */
export async function makeTopic(options: MakeTopicOptions, progress: BenchProgress): Promise<BenchTopic> {
  const { topic, partitions, workload, tokenizer } = options;
  const { signal } = progress;
  await createTopic(options);
  progress.log(`filling topic ${topic}, ${counted(partitions, 'partition')}: ${describeWorkload(workload)}`);
  const reference = (records: ReferenceOptions['records']): Promise<ReferenceCounts> =>
    referenceCounts(workload, { records, tokenizer, signal });
  const [produced, early] = await Promise.all([
    produce(options, progress),
    options.records === 'once' ? undefined : reference(options.records),
  ]);
  const range = await keptRange(options, produced);
  const all = early ?? (await reference(range.endOffsets));
  const targets = new Map<number, LaneTarget>();
  for (const workUs of options.serviceTimesUs) {
    if (workUs === 0) {
      targets.set(workUs, { lane: 'drain', workUs, ...range, reference: all });
    } else {
      const endOffsets = workLaneEnds(range, workUs);
      targets.set(workUs, { ...range, lane: 'work', workUs, endOffsets, reference: await reference(endOffsets) });
    }
  }
  const { seed } = { seed: undefined, ...workload };
  const { records, words } = all;
  return {
    topic,
    partitions,
    targets,
    workload: {
      corpus: describeWorkload(workload),
      ...(seed === undefined ? {} : { seed }),
      topic,
      partitions,
      records,
      words,
      bytes: produced.bytes,
      reference: 'generated',
    },
  };
}

async function produce(options: MakeTopicOptions, progress: BenchProgress): Promise<ProduceResult> {
  const { connection, topic, partitions, workload, records, timeoutMs } = options;
  const { signal } = progress;
  const result = await produceToTopic({
    connection,
    topic,
    partitions,
    workload,
    records,
    timeoutMs,
    signal,
    onProgress: ({ delivered }) => {
      const sent =
        records === 'once' ? counted(delivered, 'record') : `${whole(delivered)} of ${counted(records, 'record')}`;
      progress.live(`filling topic ${topic}: ${sent}`);
    },
  });
  signal.throwIfAborted();
  const seconds = result.durationMs / 1_000;
  const mib = (result.bytes / 2 ** 20).toFixed(1);
  progress.log(`filled: ${counted(result.records, 'record')}, ${mib} MiB in ${seconds.toFixed(1)} s`);
  return result;
}

/** What to do when a topic lost records that were produced to it. */
const hintsOfLoss = {
  managed: "check the brokers' retention settings",
  external: "check the brokers' retention settings",
  mock: 'the mock cluster keeps only 5 MiB per partition: pass a smaller --num-records',
} as const satisfies Record<Connection['source'], string>;

/** Reads the offsets and verifies that the topic contains every produced record, from offset 0. */
async function keptRange(
  { connection, topic, timeoutMs }: MakeTopicOptions,
  { perPartition = [] }: ProduceResult,
): Promise<TopicRange> {
  const range = await readTopicRange(connection, topic, timeoutMs);
  const { beginOffsets, endOffsets } = range;
  const kept = endOffsets.every((end, partition) => beginOffsets[partition] === 0 && end === perPartition[partition]);
  if (kept && endOffsets.length === perPartition.length) return range;
  throw new ClusterError('limit', `topic ${topic} does not hold all records that were produced to it`, {
    hint: hintsOfLoss[connection.source],
  });
}
