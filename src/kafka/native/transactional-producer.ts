import { protectProperties } from '../../config/client-properties.ts';
import { clientCode, clientError, configurationError, startError } from './client-errors.ts';
import { writeClientLog } from './client-log.ts';
import type { BatchConsumer } from './consumer.ts';
import { withTopic, type Position } from './consumer-options.ts';
import { nativeClient, type NativeError, type NativeProducer } from './native-client.ts';
import { TransactionError } from './transaction-error.ts';
import { transactionProperties, type TransactionalProducerOptions } from './transaction-properties.ts';
import { counted } from '../../numbers.ts';

export { TransactionError };
export type { TransactionalProducerOptions };

/** What a producer that is fenced finds out. */
const endedByOthers =
  'its producer was fenced: another producer uses its transactional.id, or transaction.timeout.ms expired';

/** The call that has begun, and is continued by the next ones. */
type Step = 'initialise' | 'begin' | 'sendOffsets' | 'commit' | 'abort';

interface Sending {
  readonly consumer: BatchConsumer;
  readonly positions: readonly Position[];
}

/**
 * Producer of transactions, for its own thread: all calls are synchronous and return within 100 ms
 * whatever the brokers do, and the thread may be terminated at any time, which leaves an open
 * transaction to its timeout or to the next producer with the same transactional id.
 *
 * `initialise`, `sendOffsets`, `commit` and `abort` are steps: they return false while the brokers
 * have not answered, and are called again until they return true. Call `poll` as well meanwhile.
 */
export class TransactionalProducer {
  readonly #options: TransactionalProducerOptions;
  readonly #native: NativeProducer;
  #pending: Step | undefined;
  #sending: Sending | undefined;

  /** @throws ClusterError usage for a rejected property, environment without the built client */
  constructor(options: TransactionalProducerOptions) {
    this.#options = options;
    const { connection, onError } = options;
    const { Producer } = nativeClient();
    protectProperties(connection.properties);
    try {
      this.#native = new Producer(transactionProperties(options), null);
    } catch (error) {
      throw configurationError(error);
    }
    this.#native.configureCallbacks(true, {
      event: {
        event_cb: (type, data) => {
          if (type === 'log') writeClientLog(connection, data);
          // A fatal error is also thrown by the next step.
          if (type !== 'error' || (data as NativeError).isFatal === true) return;
          onError(clientError(data as NativeError, { connection, what: 'producer' }));
        },
      },
    });
  }

  /** Creates the client, which connects in the background. @throws ClusterError usage */
  connect(): void {
    try {
      this.#native.connectSync();
    } catch (error) {
      throw startError(error as NativeError, this.#options.connection);
    }
  }

  /**
   * Acquires a producer id, before the first transaction. Fences the other producers with this
   * transactional id and ends their open transaction.
   * @throws TransactionError fatal
   */
  initialise(): boolean {
    return this.#step('initialise', () => this.#native.initTransactionsSync());
  }

  /**
   * Begins a transaction. When the client is too busy to do so at once, the calls that follow first
   * wait for it, in steps.
   * @throws TransactionError fatal
   */
  begin(): void {
    this.#step('begin', () => this.#native.beginTransactionSync());
  }

  /**
   * Queues the records of rows `from` (included) to `to` (excluded) in their order. A row has five
   * numbers: partition, start and length of the key in `bytes`, start and length of the value.
   * Nothing refers to the arrays after the call.
   * @returns number of records queued, less than asked for when the queue is full: poll, and call
   * again with the rest
   * @throws TransactionError also for an earlier record that could not be delivered
   */
  produce(bytes: Uint8Array, rows: Float64Array, from: number, to: number): number {
    if (!this.#begun()) return 0;
    this.#throwOnFailed();
    try {
      return this.#native.produceRows(this.#options.topic, bytes, rows, from, to);
    } catch (error) {
      throw this.#error('produce', error as NativeError, 'abort');
    }
  }

  /** Handles the delivery reports so far, without waiting. */
  poll(): void {
    this.#native.pollSync(0);
  }

  /** Records without a delivery report. */
  get queued(): number {
    return this.#native.queueLength();
  }

  /** Records that the brokers have acknowledged. */
  get delivered(): number {
    return this.#native.deliveryCounts().delivered;
  }

  /** Offset of the last delivered record of the partition; -1 before the first. */
  lastOffset(partition: number): number {
    return this.#native.lastOffset(partition);
  }

  /**
   * Adds the consumer's offsets to the transaction, as the member of its group that it is when this
   * is first called. Repeated calls continue the first one.
   * @throws TransactionError abort when the group has moved on
   */
  sendOffsets(consumer: BatchConsumer, positions: readonly Position[]): boolean {
    if (!this.#begun()) return false;
    if (this.#pending === undefined) this.#throwOnFailed();
    this.#sending ??= { consumer, positions };
    return this.#sendOffsets(this.#sending);
  }

  /**
   * Commits, once all records are delivered.
   * @throws TransactionError abort when nothing was committed; fatal when that is unknown, too
   */
  commit(): boolean {
    if (!this.#begun()) return false;
    if (this.#pending === undefined) this.#throwOnFailed();
    return this.#step('commit', () => this.#native.commitTransactionSync());
  }

  /**
   * Aborts the transaction, also after a TransactionError with the outcome `abort`. Drops records
   * that are still queued. Offsets under way are waited for, in steps.
   * @throws TransactionError fatal; so it is while a commit is under way
   */
  abort(): boolean {
    if (!this.#begun()) return false;
    if (this.#sending !== undefined && !this.#offsetsEnded(this.#sending)) return false;
    return this.#step('abort', () => this.#native.abortTransactionSync());
  }

  /** Drops everything, as a crash would. An open transaction is left to its timeout. */
  destroy(): void {
    this.#native.destroySync();
  }

  #begun(): boolean {
    return this.#pending !== 'begin' || this.#step('begin', () => this.#native.beginTransactionSync());
  }

  #sendOffsets({ consumer, positions }: Sending): boolean {
    const { native, topic } = consumer.source;
    const offsets = withTopic(topic, positions);
    try {
      const done = this.#step('sendOffsets', () => this.#native.sendOffsetsSync(native, offsets));
      if (done) this.#sending = undefined;
      return done;
    } catch (error) {
      this.#sending = undefined;
      throw error;
    }
  }

  #offsetsEnded(sending: Sending): boolean {
    try {
      return this.#sendOffsets(sending);
    } catch (error) {
      if (error instanceof TransactionError && error.outcome === 'abort') return true;
      throw error;
    }
  }

  #step(step: Step, call: () => boolean): boolean {
    if (this.#pending !== undefined && this.#pending !== step) {
      throw new TransactionError('fatal', 'memberFailed', `can't ${step}: ${this.#pending} is under way`);
    }
    try {
      const done = call();
      this.#pending = done ? undefined : step;
      return done;
    } catch (error) {
      this.#pending = undefined;
      throw this.#error(step, error as NativeError, 'fatal');
    }
  }

  #throwOnFailed(): void {
    const { failed, firstFailure, firstFailureCode } = this.#native.deliveryCounts();
    // The client drops records after an error of its transaction, which the call itself returns.
    if (failed === 0 || firstFailureCode === clientCode.purged) return;
    const message = `${counted(failed, 'record')} could not be delivered: ${firstFailure}`;
    throw this.#error('transaction', { code: firstFailureCode, message }, 'abort');
  }

  #error(what: string, native: Omit<NativeError, 'name'>, otherwise: 'abort' | 'fatal'): TransactionError {
    const { connection, topic } = this.#options;
    if (native.code === clientCode.fenced) return new TransactionError('fatal', 'commitInterrupted', endedByOthers);
    const whose = native.code === clientCode.topicDenied ? `changelog ${topic}: ${what}` : what;
    const { code, message, hint } = clientError(native, { connection, what: whose });
    const outcome = isFatal(native) ? 'fatal' : native.isTxnRequiresAbort === true ? 'abort' : otherwise;
    return new TransactionError(outcome, code, message, hint === undefined ? {} : { hint });
  }
}

function isFatal({ code, isFatal }: Omit<NativeError, 'name'>): boolean {
  return isFatal === true || code === clientCode.fatal || code === clientCode.fenced;
}
