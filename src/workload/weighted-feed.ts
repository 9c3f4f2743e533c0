import type { Connection } from '../config/connection.ts';
import { producerProperties } from '../config/producer-properties.ts';
import { BatchProducer } from '../kafka/native/producer.ts';
import { nowMs } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { untilAborted } from '../time/until-aborted.ts';
import { bookLines } from './book.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import { NaiveCount } from './naive-count.ts';
import type { Lines } from './record-source.ts';

export interface WeightedFeedOptions {
  readonly connection: Connection;
  readonly topic: string;
  readonly partitions: number;
  /** Records per second in all partitions together. */
  readonly rate: number;
  readonly tokenizer: Tokenizer;
  /** Called when all records sent so far are in the topic. */
  readonly onDelivered?: (perPartition: readonly number[]) => void;
}

const sliceMs = 10;
/** Interval between calls of onDelivered while brokers respond. */
const reportIntervalMs = 200;
const deliveryWaitMs = 100;
/** Brokers may be down for a while; the feed then resumes where it was. */
const flushMs = 60_000;

/**
 * Feeds a topic at a steady rate, with a share for each partition that may change during the run,
 * and with records of other kinds in between. It knows exactly what it has produced. Record n of
 * partition p that comes from the book is line n * partitions + p, as if records had been
 * distributed in turn (see referenceCounts). It counts the other records as it produces them.
 */
export class WeightedFeed {
  readonly #options: WeightedFeedOptions;
  readonly #producer: BatchProducer;
  readonly #lines: Lines = bookLines();
  readonly #sent: number[];
  readonly #ofBook: number[];
  readonly #owed: number[];
  readonly #extra: NaiveCount;
  #weights: readonly number[];
  #sentTotal = 0;
  #reportedTotal = 0;
  #reportedAtMs = 0;
  readonly #addedElsewhere: number[];
  readonly #deleted = new Map<string, number>();
  #certain = true;
  #ending = false;
  #running: Promise<void> = Promise.resolve();
  /** One batch at a time: the client takes a batch of one partition whole and keeps this order. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: WeightedFeedOptions) {
    this.#options = options;
    const { connection, partitions, tokenizer } = options;
    const properties = { ...producerProperties({ compression: 'none', keyed: false }), 'linger.ms': 2 };
    this.#producer = new BatchProducer({ connection, clientId: `consumer-cluster-feed-${options.topic}`, properties });
    const zeros = (): number[] => Array.from({ length: partitions }, () => 0);
    [this.#sent, this.#ofBook, this.#owed, this.#addedElsewhere] = [zeros(), zeros(), zeros(), zeros()];
    this.#weights = zeros().map(() => 1);
    this.#extra = new NaiveCount(tokenizer);
  }

  /** Number of records sent so far, including those in flight. */
  get records(): number {
    return this.#sentTotal;
  }

  /** Number of records from the book, by partition. */
  get ofBook(): readonly number[] {
    return this.#ofBook;
  }

  /** Number of records of all kinds, by partition. */
  get perPartition(): readonly number[] {
    return this.#sent;
  }

  /** Words of all records that are not from the book. */
  get extra(): NaiveCount {
    return this.#extra;
  }

  /** Words of records that were deleted before they were counted (see deleted). */
  get wordsDeleted(): ReadonlyMap<string, number> {
    return this.#deleted;
  }

  /** Number of records that other producers have added, by partition (see added). */
  get addedElsewhere(): readonly number[] {
    return this.#addedElsewhere;
  }

  /** Number of all records, by partition, including those that other producers have added. */
  get recordsByPartition(): readonly number[] {
    const length = Math.max(this.#sent.length, this.#addedElsewhere.length);
    return Array.from({ length }, (_, index) => (this.#sent[index] ?? 0) + (this.#addedElsewhere[index] ?? 0));
  }

  /** False when the outcome of a transaction is unknown. */
  get certain(): boolean {
    return this.#certain;
  }

  /** @throws ClusterError brokerUnavailable */
  async start(timeoutMs: number): Promise<void> {
    await this.#producer.connect(timeoutMs);
    this.#running = this.#run();
    this.#running.catch(() => undefined);
  }

  /**
   * Sets the share of each partition; only ratios matter.
   * @param weights - one per partition, not all 0
   */
  share(weights: readonly number[]): void {
    this.#weights = weights;
  }

  /** Produces records of another kind to a partition. */
  async insert(partition: number, values: readonly (Uint8Array | null)[]): Promise<void> {
    for (const value of values) this.#extra.add(value ?? new Uint8Array(0));
    const bytes = Buffer.concat(values.map((value) => value ?? new Uint8Array(0)));
    const ends = new Int32Array(values.length);
    let end = 0;
    for (const [index, value] of values.entries()) {
      end += value?.length ?? 0;
      ends[index] = value === null ? -1 : end;
    }
    await this.#produce(partition, bytes, ends);
  }

  /** Counts records that another producer has certainly added to a partition. */
  added(partition: number, values: readonly Uint8Array[]): void {
    for (const value of values) this.#extra.add(value);
    this.#addedElsewhere[partition] = (this.#addedElsewhere[partition] ?? 0) + values.length;
  }

  /** Counts the words of records that were deleted before any member counted them. */
  deleted(counts: ReadonlyMap<string, number>): void {
    for (const [word, count] of counts) this.#deleted.set(word, (this.#deleted.get(word) ?? 0) + count);
  }

  /**
   * Another producer may have added records to a partition: only the topic still knows its
   * contents.
   */
  lostTrack(): void {
    this.#certain = false;
  }

  /**
   * Ends the feed; resolves when all records are in the topic.
   * @param signal - ends the wait for records in flight
   * @throws ClusterError when a record could not be delivered; an error when the signal is aborted
   */
  async end(signal?: AbortSignal): Promise<void> {
    this.#ending = true;
    await untilAborted(this.#running, signal);
    await untilAborted(this.#turn, signal);
    await this.#producer.flush(flushMs, signal);
    this.#reportDelivered();
  }

  close(): void {
    this.#ending = true;
    this.#producer.close();
  }

  async #run(): Promise<void> {
    let lastMs = nowMs();
    while (!this.#ending) {
      await sleep(sliceMs);
      // Immediately after a batch was sent, some of its records are always in flight.
      await this.#reportRegularly();
      const atMs = nowMs();
      // After this process was stopped, the feed does not make up for the lost time: the backlog
      // would come at once.
      const dueRecords = (Math.min(atMs - lastMs, 1_000) * this.#options.rate) / 1_000;
      lastMs = atMs;
      const total = this.#weights.reduce((sum, weight) => sum + weight, 0);
      for (const [partition, weight] of this.#weights.entries()) {
        this.#owed[partition] = (this.#owed[partition] ?? 0) + (dueRecords * weight) / total;
        const count = Math.floor(this.#owed[partition] ?? 0);
        if (count === 0) continue;
        this.#owed[partition] = (this.#owed[partition] ?? 0) - count;
        await this.#produceBook(partition, count);
      }
    }
  }

  async #produceBook(partition: number, count: number): Promise<void> {
    const { bytes, ends } = this.#lines;
    const first = this.#ofBook[partition] ?? 0;
    const pieces: Uint8Array[] = [];
    const valueEnds = new Int32Array(count);
    let end = 0;
    for (let index = 0; index < count; index += 1) {
      const line = ((first + index) * this.#options.partitions + partition) % ends.length;
      const piece = bytes.subarray(line === 0 ? 0 : ends[line - 1], ends[line]);
      pieces.push(piece);
      end += piece.length;
      valueEnds[index] = end;
    }
    this.#ofBook[partition] = first + count;
    await this.#produce(partition, Buffer.concat(pieces), valueEnds);
  }

  #produce(partition: number, bytes: Buffer, ends: Int32Array): Promise<void> {
    const count = ends.length;
    this.#sent[partition] = (this.#sent[partition] ?? 0) + count;
    this.#sentTotal += count;
    const { topic } = this.#options;
    this.#turn = this.#turn.then(() => this.#producer.produce({ topic, partition, count, values: { bytes, ends } }));
    return this.#turn;
  }

  /**
   * At a high rate some records are always in flight. The feed pauses briefly until they are
   * delivered, and makes up for the pause.
   */
  async #reportRegularly(): Promise<void> {
    this.#reportDelivered();
    if (nowMs() - this.#reportedAtMs < reportIntervalMs) return;
    const deadlineMs = nowMs() + deliveryWaitMs;
    while (this.#reportedTotal < this.#sentTotal && nowMs() < deadlineMs) {
      await sleep(1);
      this.#reportDelivered();
    }
    this.#reportedAtMs = nowMs();
  }

  #reportDelivered(): void {
    this.#producer.poll();
    if (this.#sentTotal === this.#reportedTotal || this.#producer.delivered !== this.#sentTotal) return;
    this.#reportedTotal = this.#sentTotal;
    this.#reportedAtMs = nowMs();
    this.#options.onDelivered?.([...this.#sent]);
  }
}
