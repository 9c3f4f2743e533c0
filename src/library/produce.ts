import { whileServing } from '../brokers/while-serving.ts';
import { namesOf } from '../config/names-of.ts';
import { compressions } from '../config/producer-properties.ts';
import { produceIntoTopic } from '../workload/produce-into-topic.ts';
import type { ProduceProgress } from '../workload/produce-to-topic.ts';
import { recordKeys } from '../workload/record-keys.ts';
import { recordsUnlessGiven } from '../workload/workload.ts';
import { workloadOf, type RecordContents } from './record-source.ts';
import { requireCount, requireOneOf } from './require-valid.ts';
import { timeoutMsByDefault, useBrokers, type ConnectionOptions } from './used-brokers.ts';

/** What {@link produce} sends where. */
export interface ProduceTopicOptions extends ConnectionOptions, RecordContents {
  /** Created if it does not exist, with 2 replicas, or 1 on a single broker. */
  readonly topic: string;
  /** Partitions of a new topic, 1 to 10,000. Default: 4. */
  readonly partitions?: number;
  /**
   * Number of records, from 1; the contents repeat as often as needed. Default: 1,000,000, or with
   * `input` each line once.
   */
  readonly records?: number;
  /**
   * Key of each record, which decides its partition as in Kafka's Java client. Without keys, record i
   * goes to partition i modulo the number of partitions. Default: `none`.
   */
  readonly key?: 'none' | 'line-number' | 'first-word';
  /** Compression of the batches. Default: `none`. */
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  /** Records per second, from 1. Default: as fast as possible. */
  readonly rate?: number;
  /** Ends production: it then rejects, and the records sent before are delivered. */
  readonly signal?: AbortSignal;
  /** Called about ten times per second, with the number of records that the brokers have acknowledged. */
  readonly onProgress?: (delivered: number) => void;
}

/** What {@link produce} has sent. */
export interface Produced {
  /** All acknowledged, each delivered exactly once. */
  readonly records: number;
  /** Bytes of their values. */
  readonly bytes: number;
  readonly durationMs: number;
  /** Number of partitions of the topic. */
  readonly partitions: number;
  /** Records of each partition; undefined with keys. */
  readonly perPartition: readonly number[] | undefined;
}

const recordsByDefault = 1_000_000;

/**
 * Fills a topic. Each record arrives exactly once, because the producer is idempotent.
 * @throws {@link ClusterError} `input` when a file can't be read or a record is larger than the topic
 *   accepts, `brokerUnavailable`, `topicUnavailable` or `accessDenied` when a record could not be
 *   delivered; `usage` for invalid options; the signal's reason when it is aborted. A topic that it
 *   created and that has received nothing is deleted.
 */
export async function produce(options: ProduceTopicOptions): Promise<Produced> {
  const { topic, partitions = 4, rate, key = 'none', compression = 'none', signal, onProgress } = options;
  requireCount('partitions', partitions, { min: 1, max: 10_000 });
  if (options.records !== undefined) requireCount('records', options.records, { min: 1, max: 1e12 });
  if (rate !== undefined) requireCount('rate', rate, { min: 1, max: 1e9 });
  requireOneOf('key', key, namesOf(recordKeys));
  requireOneOf('compression', compression, compressions);
  signal?.throwIfAborted();
  const workload = await workloadOf(options);
  const brokers = await useBrokers(options);
  const what = {
    ...{ connection: brokers.connection, topic, partitions, workload, key, compression },
    records: options.records ?? recordsUnlessGiven(workload, recordsByDefault),
    timeoutMs: options.timeoutMs ?? timeoutMsByDefault,
    ...(rate === undefined ? {} : { rate }),
    onProgress: ({ delivered }: ProduceProgress) => onProgress?.(delivered),
  };
  const result = await whileServing(brokers, (ended) => produceIntoTopic({ ...what, signal: ended }), signal);
  signal?.throwIfAborted();
  const { records, bytes, durationMs, perPartition } = result;
  return { records, bytes, durationMs, partitions: result.partitions, perPartition };
}
