import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { pauseThread } from '../../time/pause-thread.ts';
import { clientCode, clientError, startError } from './client-errors.ts';
import { createConsumer } from './consumer-callbacks.ts';
import { OwnBuffers, withTopic, type BatchBuffers, type Position } from './consumer-options.ts';
import type { NativeConsumer, NativeError, NativeProperties } from './native-client.ts';

/** Numbers of a row of `ChangelogReader.rows`, at `index * keyedRowFields`. */
export const keyedRow = {
  partition: 0,
  offset: 1,
  /** Index in `values` of the key's first byte. */
  keyStart: 2,
  /** Bytes of the key; -1 for null. */
  keyLength: 3,
  /** Index in `values` of the value's first byte. */
  valueStart: 4,
  /** Bytes of the value; -1 for null (a tombstone), `partitionEnd` when the row is not a record. */
  valueLength: 5,
} as const;
export const keyedRowFields = 6;

export interface ChangelogReaderOptions {
  readonly connection: Connection;
  readonly clientId: string;
  /** Only for the client, which requires one: the reader neither joins the group nor commits. */
  readonly groupId: string;
  readonly topic: string;
  /** The reader's own by default. */
  readonly buffers?: BatchBuffers;
  /** librdkafka's names; the connection's own properties win over these. */
  readonly properties?: NativeProperties;
  /** Errors that the client recovers from. May be frequent while brokers are down. */
  readonly onError: (error: ClusterError) => void;
  /**
   * The brokers do not have the next offset to fetch. The partition is not read on until it is
   * assigned again. Goes to `onError` by default.
   */
  readonly onOutOfRange?: (partition: number) => void;
}

const valuesBytesFirst = 1_048_576;

/** The connection's properties do not override these: the counts depend on them. */
const required = {
  'isolation.level': 'read_committed',
  'enable.partition.eof': 'true',
  'enable.auto.commit': 'false',
  'enable.auto.offset.store': 'false',
  'auto.offset.reset': 'error',
} as const;

const defaults = {
  'queued.min.messages': 1_000_000,
  'queued.max.messages.kbytes': 65_536,
  'fetch.queue.backoff.ms': 2,
  // A new assignment waits for the fetch that is under way, which waits this long for records.
  'fetch.wait.max.ms': 100,
  'fetch.message.max.bytes': 4_194_304,
} as const;

/**
 * Reads committed records with their keys from partitions that the caller chooses. For its own
 * thread, like `BatchConsumer`: all calls are synchronous and return within 100 ms, and the thread
 * may be terminated at any time.
 */
export class ChangelogReader {
  readonly #options: ChangelogReaderOptions;
  readonly #buffers: BatchBuffers;
  readonly #native: NativeConsumer;
  #open = false;

  /** @throws ClusterError usage for a rejected property, environment without the built client */
  constructor(options: ChangelogReaderOptions) {
    this.#options = options;
    this.#buffers = options.buffers ?? new OwnBuffers();
    this.#buffers.reserve({ valuesBytes: valuesBytesFirst, rowNumbers: 0 });
    const properties = { ...defaults, ...options.properties };
    const isOpen = (): boolean => this.#open;
    this.#native = createConsumer({ ...options, properties, onRebalance: () => undefined }, isOpen, required);
  }

  /** Rows of the last batch, see `keyedRow`. */
  get rows(): Float64Array {
    return this.#buffers.rows;
  }

  /** Bytes of the last batch: of each record the key, then the value, without a gap. */
  get values(): Uint8Array {
    return this.#buffers.values;
  }

  /** Creates the client, which connects in the background. */
  #connect(): void {
    try {
      this.#native.connectSync();
    } catch (error) {
      throw startError(error as NativeError, this.#options.connection);
    }
    this.#open = true;
  }

  /**
   * Replaces what is read. No record of an earlier assignment arrives afterwards. The first call
   * connects: a client that is connected before it knows the topic asks for it once a second only.
   * @param positions - next offset to read; -2 for the first that the brokers have
   * @throws ClusterError usage when the client can't start
   */
  assign(positions: readonly Position[]): void {
    if (!this.#open) this.#connect();
    try {
      this.#native.assign(withTopic(this.#options.topic, positions));
    } catch (error) {
      throw this.#error('assign', error as NativeError);
    }
  }

  /**
   * Waits for a record, then takes all available ones, in offset order within a partition. Each
   * partition's end is a row as well, once per position: its offset is that of the next record,
   * past transaction markers and aborted records, but not past open transactions.
   * @param timeoutMs - 0 to 100
   * @param recordsMax - at least 1
   * @returns rows filled, 0 when nothing arrived in time
   * @throws ClusterError memberFailed when the client cannot continue, accessDenied without Read on the
   * topic. Transient errors go to `onError` instead
   */
  read(timeoutMs: number, recordsMax: number): number {
    if (!this.#open) {
      pauseThread(timeoutMs);
      return 0;
    }
    this.#buffers.reserve({ valuesBytes: 0, rowNumbers: recordsMax * keyedRowFields });
    const result = this.#native.consumeKeyedBatch(this.values, this.rows, timeoutMs, recordsMax);
    if (result >= 0) return result;
    if (result === -1) {
      this.#reportErrors();
      return 0;
    }
    // A record that is larger than the whole buffer.
    this.#buffers.reserve({ valuesBytes: 2 ** Math.ceil(Math.log2(-result)), rowNumbers: 0 });
    return this.read(0, recordsMax);
  }

  destroy(): void {
    this.#open = false;
    this.#native.destroySync();
  }

  #reportErrors(): void {
    const { topic, onError, onOutOfRange } = this.#options;
    for (const error of this.#native.takeBatchErrors()) {
      const isOfPartition = error.partition >= 0;
      const what = isOfPartition ? `changelog ${topic} partition ${error.partition}` : `changelog ${topic}`;
      const reported = this.#error(what, error);
      if (error.isFatal) throw new ClusterError('memberFailed', reported.message);
      // The client would try again without an end, and the restore would wait for it.
      if (isOfPartition && reported.code === 'accessDenied') throw reported;
      if (error.code === clientCode.autoOffsetReset && error.partition >= 0 && onOutOfRange !== undefined) {
        onOutOfRange(error.partition);
      } else onError(reported);
    }
  }

  #error(what: string, native: { readonly code: number; readonly message: string }): ClusterError {
    return clientError(native, { connection: this.#options.connection, what });
  }
}
