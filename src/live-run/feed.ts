import type { Connection } from '../config/connection.ts';
import { produceToTopic, type ProduceResult } from '../workload/produce-to-topic.ts';
import type { Workload } from '../workload/workload.ts';

export interface FeedOptions {
  readonly connection: Connection;
  readonly topic: string;
  readonly partitions: number;
  readonly workload: Workload;
  /** Records a second. */
  readonly rate: number;
  readonly timeoutMs: number;
}

/** The producer of the scenario: feeds the topic in the background until it is told to end. */
export class Feed {
  readonly finished: Promise<ProduceResult>;
  readonly #end = new AbortController();
  #produced = 0;

  constructor(options: FeedOptions) {
    this.finished = produceToTopic({
      ...options,
      records: Infinity,
      signal: this.#end.signal,
      onProgress: ({ delivered }) => {
        this.#produced = delivered;
      },
    });
  }

  /** Records in the topic by now. */
  get produced(): number {
    return this.#produced;
  }

  /** No more records; resolves when those on their way are in the topic. */
  async end(): Promise<ProduceResult> {
    this.#end.abort();
    return this.finished;
  }
}
