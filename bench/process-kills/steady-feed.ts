import type { Connection } from '../../src/config/connection.ts';
import { latencyProducerProperties } from '../../src/config/producer-properties.ts';
import { BatchProducer } from '../../src/kafka/native/producer.ts';
import { slicesOf } from '../../src/kafka/native/slices.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { nowMs } from '../../src/time/clock.ts';
import { sleep } from '../../src/time/sleep.ts';

export interface FeedOptions {
  readonly connection: Connection;
  readonly topic: string;
  readonly partitions: number;
  /** Records a second, all partitions together. */
  readonly rate: number;
  readonly seed: number;
}

const roundMs = 100;
const vocabulary = 300;
const wordsMax = 8;

/** Longest time until a response to the producer. */
const deliveryMsMax = 60_000;

/**
 * Feeds a topic all the time and counts what it has produced: each word is drawn here, and delivered
 * records are in the log exactly once and in order, because the client is idempotent. Not kafkajs,
 * whose idempotent producer has lost records of a partition while the brokers were slow.
 */
export class SteadyFeed {
  readonly #options: FeedOptions;
  readonly #producer: BatchProducer;
  readonly #random: () => number;
  readonly #words: Map<string, number>[];
  /** Words in the records before each offset, by partition. */
  readonly #wordsBefore: number[][];
  readonly #isRunning: Promise<void>;
  #isEnding = false;
  /** Nothing is produced any more, and everything is counted. */
  #hasEnded = false;
  #failure: unknown;

  private constructor(options: FeedOptions, producer: BatchProducer) {
    this.#options = options;
    this.#producer = producer;
    this.#random = seededRandom(options.seed);
    this.#words = Array.from({ length: options.partitions }, () => new Map<string, number>());
    this.#wordsBefore = Array.from({ length: options.partitions }, () => [0]);
    this.#isRunning = this.#run()
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#hasEnded = true;
      });
  }

  static async start(options: FeedOptions): Promise<SteadyFeed> {
    const { connection } = options;
    const properties = latencyProducerProperties();
    const producer = new BatchProducer({ connection, clientId: 'steady-feed', properties });
    await producer.connect(deliveryMsMax);
    return new SteadyFeed(options, producer);
  }

  /** Counts of the words in all records of a partition. */
  wordsOf(partition: number): ReadonlyMap<string, number> {
    return this.#words[partition] ?? new Map<string, number>();
  }

  /**
   * Words in the records of a partition below `offset`; undefined beyond what was produced. A commit
   * may be read before the response to the producer of its records: waits for it, at most until the
   * feed has ended.
   */
  async wordsBelow(partition: number, offset: number): Promise<number | undefined> {
    for (let waitedMs = 0; ; waitedMs += roundMs) {
      const words = this.#wordsBefore[partition]?.[offset];
      if (words !== undefined || this.#hasEnded || waitedMs >= deliveryMsMax) return words;
      await sleep(roundMs);
    }
  }

  /** Records of each partition, which is also the next offset. */
  get produced(): number[] {
    return this.#wordsBefore.map((before) => before.length - 1);
  }

  /** @throws what producing has failed with */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#isRunning;
    this.#producer.close();
    this.throwOnFailed();
  }

  /** @throws what producing has failed with */
  throwOnFailed(): void {
    if (this.#failure !== undefined) throw new Error('the feed has failed', { cause: this.#failure });
  }

  async #run(): Promise<void> {
    const { rate, partitions } = this.#options;
    const startMs = nowMs();
    let sent = 0;
    while (!this.#isEnding) {
      const due = Math.floor(((nowMs() - startMs) * rate) / 1_000);
      await this.#send(Math.max(0, Math.min(due - sent, partitions * 1_000)));
      sent = due;
      await sleep(roundMs);
    }
  }

  async #send(records: number): Promise<void> {
    if (records === 0) return;
    const texts = Array.from({ length: this.#options.partitions }, (): string[][] => []);
    for (let record = 0; record < records; record += 1) texts[this.#below(texts.length)]?.push(this.#text());
    const { topic } = this.#options;
    for (const [partition, each] of texts.entries()) {
      const values = slicesOf(each.map((words) => Buffer.from(words.join(' '))));
      await this.#producer.produce({ topic, partition, values, count: each.length });
    }
    await this.#producer.flush(deliveryMsMax);
    // Members may have committed them before this line runs: checks wait for `wordsBelow`.
    for (const [partition, each] of texts.entries()) this.#count(partition, each);
  }

  #count(partition: number, texts: readonly (readonly string[])[]): void {
    const words = this.#words[partition];
    const before = this.#wordsBefore[partition];
    if (words === undefined || before === undefined) return;
    for (const text of texts) {
      for (const word of text) words.set(word, (words.get(word) ?? 0) + 1);
      before.push((before.at(-1) ?? 0) + text.length);
    }
  }

  #text(): string[] {
    // Squared: some words are much more frequent than others.
    return Array.from({ length: this.#below(wordsMax + 1) }, () => {
      const rank = Math.floor(this.#random() ** 2 * vocabulary);
      return rank % 7 === 0 ? `größe${rank}` : `word${rank}`;
    });
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}
