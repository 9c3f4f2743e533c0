import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Connection } from '../config/connection.ts';
import { deliveryTimeoutMs, producerProperties, type Compression } from '../config/producer-properties.ts';
import { ClusterError } from '../errors.ts';
import { BatchProducer } from '../kafka/native/producer.ts';
import { nowMs } from '../time/clock.ts';
import { sleep, startTimer } from '../time/sleep.ts';
import { RecordBatch, RecordDealer } from './record-batch.ts';
import { RecordKeys, recordKeys, type KeyKind } from './record-keys.ts';
import type { RecordSource } from './record-source.ts';
import { openWorkload, type Workload } from './workload.ts';

export interface ProduceOptions {
  readonly connection: Connection;
  readonly topic: string;
  /** Partitions of the topic. Without keys, record i goes to partition i mod partitions. */
  readonly partitions: number;
  readonly workload: Workload;
  /**
   * Number of records; the workload repeats as needed. `once` produces the lines of its files once.
   * Infinity is allowed.
   */
  readonly records: number | 'once';
  readonly key?: KeyKind;
  readonly compression?: Compression;
  /**
   * Records per second, on a schedule that delays do not shift. Without it, as fast as possible.
   */
  readonly rate?: number;
  /** Longest time until the brokers' first response. */
  readonly timeoutMs: number;
  /** Aborting ends production early; records sent by then are delivered and counted. */
  readonly signal?: AbortSignal;
  /** Called about ten times per second, and at the end. */
  readonly onProgress?: (progress: ProduceProgress) => void;
}

export interface ProduceProgress {
  /** Records handed to the client. */
  readonly records: number;
  /** Records that the brokers have acknowledged. */
  readonly delivered: number;
}

export interface ProduceResult {
  /** Number of records, all delivered; any other outcome is an error. */
  readonly records: number;
  readonly bytes: number;
  readonly durationMs: number;
  /** Records by partition, for a reference count of exactly these records; undefined with keys. */
  readonly perPartition: readonly number[] | undefined;
  /** True when `signal` ended production. */
  readonly interrupted: boolean;
}

/** Records of 66 bytes then fill one batch of the client, which is `batch.size`, a million bytes. */
const batchCapacity = { records: 65_536, bytes: 850_000 } as const;
/** After an abort, the longest time for the delivery of records already sent. */
const abortGraceMs = 5_000;
const progressIntervalMs = 100;
/** On a schedule, records due within this time are sent together. */
const sliceMs = 5;

/**
 * Fills a topic. Back-pressure makes it wait: no record is dropped, and none is sent twice, because
 * the producer is idempotent.
 * @throws ClusterError brokerUnavailable, topicUnavailable or input (a record or batch larger than
 *   the topic accepts) when a record could not be delivered; input when a file can't be read
 */
export async function produceToTopic(options: ProduceOptions): Promise<ProduceResult> {
  const { connection, workload, key = 'none', compression = 'none' } = options;
  const properties = producerProperties({ compression, keyed: recordKeys[key].fill !== undefined });
  const source = openWorkload(workload, { repeat: options.records !== 'once' });
  const producer = new BatchProducer({ connection, clientId: 'consumer-cluster-produce', properties });
  try {
    await producer.connect(options.timeoutMs);
    return await new Production(options, producer, source).run();
  } catch (error) {
    throw tooLarge(error) ?? error;
  } finally {
    await source.close();
    producer.close();
  }
}

/** One run of produceToTopic. */
class Production {
  readonly #options: ProduceOptions;
  /** Undefined for records without keys. */
  readonly #fillKeys: (typeof recordKeys)[KeyKind]['fill'];
  readonly #producer: BatchProducer;
  readonly #source: RecordSource;
  readonly #dealer: RecordDealer;
  readonly #keys = new RecordKeys(batchCapacity.records);
  readonly #perPartition: number[];
  readonly #grace = new AbortController();
  #bytes = 0;
  #reportedMs = 0;

  constructor(options: ProduceOptions, producer: BatchProducer, source: RecordSource) {
    this.#options = options;
    this.#fillKeys = recordKeys[options.key ?? 'none'].fill;
    this.#producer = producer;
    this.#source = source;
    const batches = this.#fillKeys === undefined ? options.partitions : 1;
    this.#dealer = new RecordDealer(Array.from({ length: batches }, () => new RecordBatch(batchCapacity)));
    this.#perPartition = Array.from({ length: batches }, () => 0);
  }

  async run(): Promise<ProduceResult> {
    const { signal } = this.#options;
    const startMs = nowMs();
    const startGrace = (): void => {
      startTimer(abortGraceMs, () => {
        this.#grace.abort(new ClusterError('interrupted', 'interrupted while records waited for the brokers'));
      });
    };
    signal?.addEventListener('abort', startGrace, { once: true });
    try {
      await this.#produceAll(startMs);
      await this.#producer.flush(signal?.aborted === true ? abortGraceMs : deliveryTimeoutMs);
    } catch (error) {
      this.#grace.signal.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', startGrace);
    }
    this.#report({ last: true });
    return {
      records: this.#dealer.index,
      bytes: this.#bytes,
      durationMs: nowMs() - startMs,
      perPartition: this.#fillKeys === undefined ? this.#perPartition : undefined,
      interrupted: signal?.aborted === true,
    };
  }

  async #produceAll(startMs: number): Promise<void> {
    const { signal, rate } = this.#options;
    const recordsMax = this.#options.records === 'once' ? Infinity : this.#options.records;
    while (this.#dealer.index < recordsMax && signal?.aborted !== true) {
      const due = rate === undefined ? recordsMax : Math.min(recordsMax, dueBy(nowMs() - startMs, rate));
      const firstIndex = this.#dealer.index;
      const filled = await this.#source.fill(this.#dealer, due - firstIndex);
      if (filled > 0) await this.#send(firstIndex);
      else if (due > firstIndex) return;
      this.#report({ last: false });
      // The code above may never wait, so signals and timers get their turn here.
      if (rate === undefined) await yieldToEvents();
      else await this.#waitForNext(startMs, rate);
    }
  }

  async #send(firstIndex: number): Promise<void> {
    const { topic } = this.#options;
    for (const [partition, batch] of this.#dealer.batches.entries()) {
      if (batch.count === 0) continue;
      const values = { bytes: batch.values, ends: batch.ends };
      const { signal } = this.#grace;
      if (this.#fillKeys === undefined) {
        await this.#producer.produce({ topic, partition, count: batch.count, values }, signal);
      } else {
        this.#fillKeys(this.#keys, batch, firstIndex);
        const keys = { bytes: this.#keys.bytes, ends: this.#keys.ends };
        await this.#producer.produce({ topic, partition: -1, count: batch.count, values, keys }, signal);
      }
      this.#perPartition[partition] = (this.#perPartition[partition] ?? 0) + batch.count;
      this.#bytes += batch.sizeBytes;
    }
    this.#dealer.clear();
  }

  async #waitForNext(startMs: number, rate: number): Promise<void> {
    const nextMs = startMs + ((this.#dealer.index + 1) / rate) * 1_000;
    const waitMs = Math.max(sliceMs, nextMs - nowMs());
    const { signal } = this.#options;
    await sleep(waitMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }

  #report({ last }: { readonly last: boolean }): void {
    const atMs = nowMs();
    if (!last && atMs - this.#reportedMs < progressIntervalMs) return;
    this.#reportedMs = atMs;
    this.#options.onProgress?.({ records: this.#dealer.index, delivered: this.#producer.delivered });
  }
}

/** Number of records that the schedule has made due. */
function dueBy(elapsedMs: number, rate: number): number {
  return Math.floor((elapsedMs * rate) / 1_000);
}

function tooLarge(error: unknown): ClusterError | undefined {
  if (!(error instanceof ClusterError) || !/message size too large/i.test(error.message)) return undefined;
  return new ClusterError('input', 'a record, or a batch of records, is larger than the topic accepts', {
    hint: "raise max.message.bytes of the topic, or the brokers' message.max.bytes",
    cause: error,
  });
}
