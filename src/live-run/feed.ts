import type { Connection } from '../config/connection.ts';
import { produceToTopic, type ProduceResult } from '../workload/produce-to-topic.ts';
import type { Workload } from '../workload/workload.ts';

export interface FeedOptions {
  readonly connection: Connection;
  readonly topic: string;
  readonly partitions: number;
  readonly workload: Workload;
  /** Records per second. */
  readonly rate: number;
  readonly timeoutMs: number;
}

/** The producer of a live run: feeds the topic in the background until `end` is called. */
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

  /** Number of records in the topic. */
  get produced(): number {
    return this.#produced;
  }

  /** Stops producing; resolves when all records in flight are in the topic. */
  async end(): Promise<ProduceResult> {
    this.#end.abort();
    return this.finished;
  }
}
