import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ClusterError } from '../../errors.ts';
import { installation } from '../../installation.ts';

/** Properties in librdkafka's names. Secret: never printed. */
export type NativeProperties = Readonly<Record<string, string | number | boolean>>;

export interface NativePartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset?: number;
  /** Present only in failed results. */
  readonly error?: number;
}

/** Shape of the errors that the native client throws and reports in events. */
export interface NativeError extends Error {
  readonly code: number;
  readonly isFatal?: boolean;
  /** Only of transactional calls. */
  readonly isTxnRequiresAbort?: boolean;
}

/** An error that came instead of a record. */
export interface NativeBatchError {
  readonly code: number;
  readonly message: string;
  readonly isFatal: boolean;
  /** -1 when it is not about a partition. */
  readonly partition: number;
  readonly offset: number;
}

/** `data` is a NativeError when `type` is `error`. */
export type NativeEventCallback = (type: string, data: unknown) => void;

interface NativeConnection {
  configureCallbacks(
    add: boolean,
    callbacks: {
      readonly global?: {
        rebalance_cb?(code: number, partitions: readonly NativePartition[], lost: boolean): void;
        offset_commit_cb?(code: number | undefined, partitions: readonly NativePartition[]): void;
      };
      readonly event?: { event_cb?: NativeEventCallback };
    },
  ): void;
  /**
   * Creates the client without waiting: it connects in the background. @throws NativeError
   */
  connectSync(): void;
  /** @returns false when the client is still being destroyed, in another thread */
  destroySync(): boolean;
}

/** Every call returns within 100 ms. Numbers are error codes, 0 for none, unless noted. */
export interface NativeConsumer extends NativeConnection {
  subscribe(topics: readonly string[]): number;
  consumeBatch(values: Uint8Array, rows: Float64Array, timeoutMs: number, recordsMax: number): number;
  /** Rows of 6 numbers, see changelog-reader.ts. */
  consumeKeyedBatch(values: Uint8Array, rows: Float64Array, timeoutMs: number, recordsMax: number): number;
  takeBatchErrors(): NativeBatchError[];
  assign(partitions: readonly NativePartition[]): void;
  unassign(): void;
  incrementalAssign(partitions: readonly NativePartition[]): void;
  incrementalUnassign(partitions: readonly NativePartition[]): void;
  pause(partitions: readonly NativePartition[]): number;
  resume(partitions: readonly NativePartition[]): number;
  seekSync(partition: NativePartition): number;
  commit(partitions: readonly NativePartition[]): number;
  rebalanceProtocol(): string;
  generation(): number;
  memberId(): string;
  /**
   * @returns 32 hexadecimal digits; empty when no id is known; null when the id has changed since
   * the first one
   */
  topicId(topic: string): string | null;
  closeStart(): number;
  closePoll(timeoutMs: number): boolean;
}

export interface NativeProducer extends NativeConnection {
  produceBatch(
    topic: string,
    partition: number,
    values: Uint8Array,
    ends: Int32Array,
    first: number,
    count: number,
    keys?: Uint8Array,
    keyEnds?: Int32Array,
  ): number;
  pollSync(timeoutMs: number): void;
  queueLength(): number;
  /** `failed`: since the last transaction began, if there was one. */
  deliveryCounts(): {
    readonly delivered: number;
    readonly failed: number;
    readonly firstFailure: string;
    readonly firstFailureCode: number;
  };
  /** Transactional calls return false until they are done, and are repeated. @throws NativeError */
  initTransactionsSync(): boolean;
  beginTransactionSync(): boolean;
  produceRows(topic: string, bytes: Uint8Array, rows: Float64Array, from: number, to: number): number;
  lastOffset(partition: number): number;
  sendOffsetsSync(consumer: NativeConsumer, positions: readonly NativePartition[]): boolean;
  commitTransactionSync(): boolean;
  abortTransactionSync(): boolean;
  /** Runs in libuv's pool, unlike the other calls. */
  getMetadata(
    options: { readonly allTopics: boolean; readonly timeout: number },
    callback: (error: NativeError | null) => void,
  ): void;
  setPollInBackground(on: boolean): void;

  mockBootstrapServers(): string;
  mockTopicCreate(topic: string, partitions: number, replicationFactor: number): void;
  mockGroupInitialRebalanceDelay(delayMs: number): void;
  mockBrokerSetUp(brokerId: number, isUp: boolean): void;
  mockBrokerSetRtt(brokerId: number, rttMs: number): void;
  mockPushRequestErrors(apiKey: number, codes: readonly number[]): void;
  mockTrackRequests(): void;
  mockRequests(): number[];
}

export interface NativeClient {
  readonly KafkaConsumer: new (properties: NativeProperties, topicProperties: null) => NativeConsumer;
  readonly Producer: new (properties: NativeProperties, topicProperties: null) => NativeProducer;
  readonly librdkafkaVersion: string;
  /** Added by our patch (docs/client.md); the released client lacks it. */
  readonly batchApi?: number;
  /** @returns bytes that were released */
  releasePages(view: Uint8Array): number;
}

const batchApi = 5;
const require = createRequire(import.meta.url);
let loaded: NativeClient | undefined;

/** The portable client, which only packages contain: one addon for each supported Node. */
const packagedFolder = join(installation.folder, 'native', `${process.platform}-${process.arch}`);

/** The package.json of the client from which the addon was built. */
export function clientPackageFile(): string {
  return require.resolve('@confluentinc/kafka-javascript/package.json');
}

/**
 * Location of the client's native addon for the running Node: packages contain it (setup/portable),
 * and in a clone the set-up builds it (setup/client.js).
 */
export function nativeClientFile(): string {
  const { platform, arch, versions } = process;
  if (existsSync(packagedFolder)) return join(packagedFolder, `node-v${versions.modules}.node`);
  const abi = `node-v${versions.modules}-${platform}-${arch}`;
  return join(dirname(clientPackageFile()), 'lib', 'binding', abi, 'confluent-kafka-javascript.node');
}

/**
 * The Confluent client's native part without its JavaScript, which creates an object and a promise
 * per record and uses libuv's thread pool. A thread that may be terminated must not use that pool.
 * @throws ClusterError environment, when it is not built, or not from our patch
 */
export function nativeClient(): NativeClient {
  if (loaded !== undefined) return loaded;
  const file = nativeClientFile();
  const hint = existsSync(packagedFolder)
    ? 'packages contain it for Node 22, 24 and 26, on Linux with glibc 2.28 or newer; elsewhere use a clone'
    : 'run `npm start -- COMMAND` to build it on a supported Node; `npm start -- doctor` lists what is missing';
  if (!existsSync(file)) {
    const node = `Node ${process.versions.node}`;
    throw new ClusterError('environment', `the Kafka client is not built for ${node}`, { hint });
  }
  let client: NativeClient;
  try {
    client = require(file) as NativeClient;
  } catch (error) {
    throw new ClusterError('environment', 'the Kafka client cannot be loaded', { hint, cause: error });
  }
  if (client.batchApi !== batchApi) {
    throw new ClusterError('environment', "the Kafka client was built without this project's patch", { hint });
  }
  loaded = client;
  return client;
}
