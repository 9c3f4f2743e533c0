import type { Connection } from '../config/connection.ts';
import { producerProperties } from '../config/producer-properties.ts';
import { BatchProducer } from '../kafka/producer.ts';
import { sleep } from '../metrics/sleep.ts';
import { bookLines } from './book.ts';
import { NaiveCount, type Tokenizer } from './naive-count.ts';
import type { Lines } from './record-source.ts';

export interface WeightedFeedOptions {
  readonly connection: Connection;
  readonly topic: string;
  readonly partitions: number;
  /** Records a second, over all partitions. */
  readonly rate: number;
  readonly tokenizer: Tokenizer;
  /** Called when everything that was handed over so far is in the topic. */
  readonly onDelivered?: (perPartition: readonly number[]) => void;
}

const sliceMs = 10;
/** It is told so often what is in the topic, where brokers answer. */
const tellMs = 200;
const tellWaitMs = 100;
/** Brokers may be down for a while; the feed goes on where it was. */
const flushMs = 60_000;

/**
 * Feeds a topic at a steady rate, with a share for each partition that may change under way, and with records of any kind
 * in between. It knows exactly what it has produced: of the book, record n of partition p is line n * partitions + p, as if
 * records had been dealt out in turn (see referenceCounts); the others are counted as they go.
 */
export class WeightedFeed {
  readonly #options: WeightedFeedOptions;
  readonly #producer: BatchProducer;
  readonly #lines: Lines = bookLines();
  readonly #handedOver: number[];
  readonly #ofBook: number[];
  readonly #owed: number[];
  readonly #extra: NaiveCount;
  #weights: readonly number[];
  #handedOverTotal = 0;
  #toldTotal = 0;
  #toldAtMs = 0;
  readonly #addedElsewhere: number[];
  readonly #deleted = new Map<string, number>();
  #certain = true;
  #ending = false;
  #running: Promise<void> = Promise.resolve();
  /** One batch at a time: the client takes a batch of one partition whole, and keeps that order. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: WeightedFeedOptions) {
    this.#options = options;
    const { connection, partitions, tokenizer } = options;
    const properties = { ...producerProperties({ compression: 'none', keyed: false }), 'linger.ms': 2 };
    this.#producer = new BatchProducer({ connection, clientId: `consumer-cluster-feed-${options.topic}`, properties });
    const zeros = (): number[] => Array.from({ length: partitions }, () => 0);
    [this.#handedOver, this.#ofBook, this.#owed, this.#addedElsewhere] = [zeros(), zeros(), zeros(), zeros()];
    this.#weights = zeros().map(() => 1);
    this.#extra = new NaiveCount(tokenizer);
  }

  /** Records handed over so far, acknowledged or on their way. */
  get records(): number {
    return this.#handedOverTotal;
  }

  /** Of the book, by partition. */
  get ofBook(): readonly number[] {
    return this.#ofBook;
  }

  /** By partition, all kinds. */
  get perPartition(): readonly number[] {
    return this.#handedOver;
  }

  /** Everything that is not of the book. */
  get extra(): NaiveCount {
    return this.#extra;
  }

  /** Words of records that are gone uncounted (see deleted). */
  get wordsDeleted(): ReadonlyMap<string, number> {
    return this.#deleted;
  }

  /** By partition: what others have put there (see added). */
  get addedElsewhere(): readonly number[] {
    return this.#addedElsewhere;
  }

  /** By partition, those that were added to the topic included: all records, whoever put them there. */
  get recordsByPartition(): readonly number[] {
    const length = Math.max(this.#handedOver.length, this.#addedElsewhere.length);
    return Array.from({ length }, (_, index) => (this.#handedOver[index] ?? 0) + (this.#addedElsewhere[index] ?? 0));
  }

  /** False when the outcome of a transaction is not known. */
  get certain(): boolean {
    return this.#certain;
  }

  /** @throws WordcountError brokerUnavailable */
  async start(timeoutMs: number): Promise<void> {
    await this.#producer.connect(timeoutMs);
    this.#running = this.#run();
    this.#running.catch(() => undefined);
  }

  /** How the rate is shared out from now on; only the ratios matter. @param weights - one a partition, not all 0 */
  share(weights: readonly number[]): void {
    this.#weights = weights;
  }

  /** Puts records of another kind into a partition. */
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

  /** Records that somebody else has put into a partition, for sure. */
  added(partition: number, values: readonly Uint8Array[]): void {
    for (const value of values) this.#extra.add(value);
    this.#addedElsewhere[partition] = (this.#addedElsewhere[partition] ?? 0) + values.length;
  }

  /** Records were deleted before anybody had counted them, with these words. */
  deleted(counts: ReadonlyMap<string, number>): void {
    for (const [word, count] of counts) this.#deleted.set(word, (this.#deleted.get(word) ?? 0) + count);
  }

  /** Records that somebody else may have put into a partition, or not: from now on the topic alone knows. */
  lostTrack(): void {
    this.#certain = false;
  }

  /** Ends the feed; resolves when everything is in the topic. @throws WordcountError when something could not be delivered */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#running;
    await this.#turn;
    await this.#producer.flush(flushMs);
    this.#tell();
  }

  close(): void {
    this.#ending = true;
    this.#producer.close();
  }

  async #run(): Promise<void> {
    let beforeMs = performance.now();
    while (!this.#ending) {
      await sleep(sliceMs);
      // At once after the next records were handed over there are always some on their way.
      await this.#tellNowAndThen();
      const nowMs = performance.now();
      // After a standstill of this process nothing is made up for: the backlog would be a flood.
      const dueRecords = (Math.min(nowMs - beforeMs, 1_000) * this.#options.rate) / 1_000;
      beforeMs = nowMs;
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
    this.#handedOver[partition] = (this.#handedOver[partition] ?? 0) + count;
    this.#handedOverTotal += count;
    const { topic } = this.#options;
    this.#turn = this.#turn.then(() => this.#producer.produce({ topic, partition, count, values: { bytes, ends } }));
    return this.#turn;
  }

  /** At a high rate something is always on its way: the feed waits for it a moment, and makes up for that. */
  async #tellNowAndThen(): Promise<void> {
    this.#tell();
    if (performance.now() - this.#toldAtMs < tellMs) return;
    const endMs = performance.now() + tellWaitMs;
    while (this.#toldTotal < this.#handedOverTotal && performance.now() < endMs) {
      await sleep(1);
      this.#tell();
    }
    this.#toldAtMs = performance.now();
  }

  #tell(): void {
    this.#producer.poll();
    if (this.#handedOverTotal === this.#toldTotal || this.#producer.delivered !== this.#handedOverTotal) return;
    this.#toldTotal = this.#handedOverTotal;
    this.#toldAtMs = performance.now();
    this.#options.onDelivered?.([...this.#handedOver]);
  }
}
