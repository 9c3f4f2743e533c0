import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { promisify } from 'node:util';
import { propertiesFor, protectProperties } from '../../config/client-properties.ts';
import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { clientCode, clientError, configurationError, startError } from './client-errors.ts';
import { writeClientLog } from './client-log.ts';
import { nativeClient, type NativeError, type NativeProducer, type NativeProperties } from './native-client.ts';
import { counted } from '../../numbers.ts';

/**
 * Byte strings one after the other. `ends[i]` is one past the last byte of the i-th, or -1 when
 * that is null.
 */
export interface Slices {
  readonly bytes: Uint8Array;
  readonly ends: Int32Array;
}

export interface ProducerBatch {
  readonly topic: string;
  /** -1 to let the partitioner choose, by the record's key if it has one. */
  readonly partition: number;
  readonly count: number;
  readonly values: Slices;
  readonly keys?: Slices;
}

export interface BatchProducerOptions {
  readonly connection: Connection;
  readonly clientId: string;
  /** librdkafka's names; the connection's own properties win over these. */
  readonly properties: NativeProperties;
}

/** Time between two polls for delivery reports, which come by the thousand. */
const pollIntervalMs = 1;
const connectAttemptMs = 500;

/**
 * A producer of whole batches. The client counts the delivery reports and does not pass them on.
 */
export class BatchProducer {
  readonly #options: BatchProducerOptions;
  readonly #native: NativeProducer;
  #lastError: ClusterError | undefined;

  /**
   * @throws ClusterError usage for a rejected property; environment when the client is not built
   */
  constructor(options: BatchProducerOptions) {
    this.#options = options;
    const { Producer } = nativeClient();
    protectProperties(options.connection.properties);
    const properties = {
      ...options.properties,
      ...propertiesFor('producer', options.connection.properties),
      'bootstrap.servers': options.connection.bootstrapServers,
      'client.id': options.clientId,
    };
    try {
      this.#native = new Producer(properties, null);
    } catch (error) {
      throw configurationError(error);
    }
    this.#native.configureCallbacks(true, {
      event: {
        event_cb: (type, data) => {
          if (type === 'log') writeClientLog(options.connection, data);
          if (type === 'error') this.#keepError(data as NativeError);
        },
      },
    });
  }

  /** Records that the brokers have acknowledged. */
  get delivered(): number {
    return this.#native.deliveryCounts().delivered;
  }

  /** Records that could not be delivered. */
  get failed(): number {
    return this.#native.deliveryCounts().failed;
  }

  /**
   * Handles the delivery reports so far, without waiting.
   * @throws ClusterError when a record could not be delivered
   */
  poll(): void {
    this.#native.pollSync(0);
    this.#throwOnFailed();
  }

  /**
   * Resolves when a broker has answered.
   * @throws ClusterError brokerUnavailable when none responds within `timeoutMs`; usage when the
   * client can't start
   */
  async connect(timeoutMs: number): Promise<void> {
    const deadlineMs = nowMs() + timeoutMs;
    try {
      this.#native.connectSync();
    } catch (error) {
      throw startError(error as NativeError, this.#options.connection);
    }
    const getMetadata = promisify(this.#native.getMetadata.bind(this.#native));
    for (;;) {
      const timeout = Math.max(1, Math.min(connectAttemptMs, Math.round(deadlineMs - nowMs())));
      try {
        await getMetadata({ allTopics: false, timeout });
        // The client counts as in use until its callback has returned.
        await yieldToEvents();
        return;
      } catch (error) {
        this.#native.pollSync(0);
        // The client's callbacks run on the event loop and report more than a timeout.
        await yieldToEvents();
        if (nowMs() < deadlineMs) continue;
        throw this.#lastError ?? this.#error(`no broker at ${this.#options.connection.bootstrapServers}`, error);
      }
    }
  }

  /**
   * Passes a batch to the client, which copies it. Resolves when the client has accepted all of it,
   * which may have to wait until the brokers have accepted earlier records.
   * @param signal - ends the wait; the client may then have accepted part of the batch
   * @throws ClusterError when the client refuses a record, or could not deliver an earlier one;
   * AbortError
   */
  async produce(batch: ProducerBatch, signal?: AbortSignal): Promise<void> {
    const { topic, partition, values, keys, count } = batch;
    let taken = 0;
    for (;;) {
      try {
        taken += this.#native.produceBatch(
          topic,
          partition,
          values.bytes,
          values.ends,
          taken,
          count - taken,
          keys?.bytes,
          keys?.ends,
        );
      } catch (error) {
        throw this.#error(`topic '${topic}'`, error);
      }
      this.#native.pollSync(0);
      if (taken === count) return;
      this.#throwOnFailed();
      await sleep(pollIntervalMs, undefined, signal === undefined ? {} : { signal });
    }
  }

  /**
   * Resolves when everything is delivered.
   * @param signal - ends the wait
   * @throws ClusterError when a record could not be delivered; timeout, when some are not within
   * `timeoutMs`; AbortError
   */
  async flush(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const deadlineMs = nowMs() + timeoutMs;
    for (;;) {
      this.#native.pollSync(0);
      this.#throwOnFailed();
      const left = this.#native.queueLength();
      if (left === 0) return;
      if (nowMs() >= deadlineMs) {
        const hint = this.#lastError?.message;
        throw new ClusterError(
          'timeout',
          `${counted(left, 'record')} not delivered within ${timeoutMs} ms`,
          hint === undefined ? {} : { hint },
        );
      }
      await sleep(pollIntervalMs, undefined, signal === undefined ? {} : { signal });
    }
  }

  /** Undelivered records are dropped: flush first. */
  close(): void {
    this.#native.destroySync();
  }

  /** Keeps earlier errors instead of `allBrokersDown`, because they contain the cause. */
  #keepError(native: NativeError): void {
    if (native.code === clientCode.allBrokersDown && this.#lastError !== undefined) return;
    this.#lastError = this.#error('producer', native);
  }

  #throwOnFailed(): void {
    const { failed, firstFailure } = this.#native.deliveryCounts();
    if (failed === 0) return;
    throw new ClusterError(
      'brokerUnavailable',
      `${counted(failed, 'record')} could not be delivered: ${firstFailure}`,
      {
        hint: this.#lastError?.message ?? 'check that the brokers are running',
      },
    );
  }

  #error(what: string, native: unknown): ClusterError {
    return clientError(native as NativeError, { connection: this.#options.connection, what });
  }
}
