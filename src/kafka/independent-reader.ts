import type { Connection } from '../config/connection.ts';
import { WordcountError } from '../errors.ts';
import { sleep } from '../metrics/sleep.ts';
import { AbortedTransactions } from './aborted-transactions.ts';
import { within } from './deadline.ts';
import type { FetchedPartition } from './fetch-response.ts';
import { BrokerConnections } from './kafkajs-cluster.ts';
import { kafkajsConfig } from './kafkajs-config.ts';
import { finalError, notAuthorized, timeUpError } from './kafkajs-errors.ts';
import { KafkajsSockets } from './kafkajs-sockets.ts';
import { recordBatches } from './record-batches.ts';

/** Offsets [begin, end) of a partition. */
export interface OffsetRange {
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
}

export interface ReadOptions {
  readonly topic: string;
  readonly ranges: readonly OffsetRange[];
  /** Longest time without any progress: brokers may fail over within it. */
  readonly timeoutMs: number;
  /** Called for each record, by partition in the order of offsets. `value` is a view that must not be kept. */
  readonly onRecord: (partition: number, offset: number, value: Uint8Array | null) => void;
  readonly signal?: AbortSignal;
}

const fetchBytesMax = 16 * 1_048_576;
const partitionBytesMax = 4 * 1_048_576;
const fetchWaitMs = 200;
const retryDelayMs = 100;

/** Kafka's error codes that end the reading; with others the leader has moved or moves. */
const offsetOutOfRange = 1;
const topicDenied = 29;

/**
 * Reads partitions up to given offsets with another client than the members', without a group: committed records only,
 * no record twice, none left out. All compressions.
 * @throws WordcountError topicUnavailable, brokerUnavailable; input when records were deleted meanwhile or are damaged;
 *   timeout when there is no progress for `timeoutMs`; the signal's reason
 */
export async function readIndependently(connection: Connection, options: ReadOptions): Promise<void> {
  const reading = new Reading(connection, options);
  try {
    await reading.run();
  } finally {
    await reading.close();
  }
}

/** One call of readIndependently. */
class Reading {
  readonly #connection: Connection;
  readonly #options: ReadOptions;
  readonly #sockets: KafkajsSockets;
  readonly #brokers: BrokerConnections;
  /** Next offset to read of each partition that is not at its end yet. */
  readonly #next: Map<number, number>;
  readonly #ends: ReadonlyMap<number, number>;
  #deadlineMs: number;
  #turn = 0;

  constructor(connection: Connection, options: ReadOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#sockets = new KafkajsSockets(connection);
    const config = kafkajsConfig(connection, {
      clientId: 'consumer-cluster-reader',
      requestTimeoutMs: Math.ceil(options.timeoutMs / 2),
      connectionTimeoutMs: Math.min(3_000, Math.ceil(options.timeoutMs / 2)),
    });
    this.#brokers = new BrokerConnections({ ...config, socketFactory: this.#sockets.factory });
    const ranges = options.ranges.filter(({ begin, end }) => begin < end);
    this.#next = new Map(ranges.map(({ partition, begin }) => [partition, begin]));
    this.#ends = new Map(ranges.map(({ partition, end }) => [partition, end]));
    this.#deadlineMs = performance.now() + options.timeoutMs;
  }

  async run(): Promise<void> {
    const { topic, signal } = this.#options;
    while (this.#next.size > 0) {
      signal?.throwIfAborted();
      try {
        await within(this.#deadlineMs, () => this.#brokers.connect());
        const leaders = await within(this.#deadlineMs, () => this.#brokers.leaders(topic));
        const nodes = new Set([...this.#next.keys()].map((partition) => leaders.get(partition) ?? -1));
        nodes.delete(-1);
        // All of them end before any begins again: two readings of one partition would give its records twice.
        const readings = await Promise.allSettled([...nodes].map((node) => this.#readFrom(node, leaders)));
        for (const reading of readings) if (reading.status === 'rejected') throw reading.reason;
      } catch (error) {
        signal?.throwIfAborted();
        const final = finalError(error, topic, this.#sockets.sightings, 'Read');
        if (final !== undefined) throw final;
        if (performance.now() + retryDelayMs >= this.#deadlineMs) throw this.#timeUp();
      }
      // Only a broker's trouble leads here with work left: ask who leads, a little later.
      if (this.#next.size > 0) await sleep(retryDelayMs);
    }
  }

  async close(): Promise<void> {
    const disconnected = this.#brokers.disconnect().catch(() => undefined);
    await Promise.race([disconnected, sleep(1_000, undefined, { ref: false })]);
    this.#sockets.destroy();
  }

  /** Reads what the node leads until all of it is at its end, or until the node does not lead some of it any more. */
  async #readFrom(nodeId: number, leaders: ReadonlyMap<number, number>): Promise<void> {
    const { topic, signal } = this.#options;
    for (;;) {
      signal?.throwIfAborted();
      if (performance.now() >= this.#deadlineMs) throw this.#timeUp();
      const partitions = [...this.#next]
        .filter(([partition]) => leaders.get(partition) === nodeId)
        .map(([partition, offset]) => ({ partition, fetchOffset: String(offset), maxBytes: partitionBytesMax }));
      if (partitions.length === 0) return;
      // The broker fills its answer from the front: so that none starves, the order turns.
      for (const first of partitions.splice(0, this.#turn % partitions.length)) partitions.push(first);
      this.#turn += 1;
      const response = await within(this.#deadlineMs, () =>
        this.#brokers.fetch(nodeId, { topic, partitions, maxBytes: fetchBytesMax, maxWaitTimeMs: fetchWaitMs }),
      );
      if (response.errorCode !== 0) return;
      const results = response.partitions.map((fetched) => this.#take(fetched));
      if (results.includes('leaderMoved')) return;
    }
  }

  #take(fetched: FetchedPartition): 'taken' | 'leaderMoved' {
    const { partition, errorCode } = fetched;
    const { topic, onRecord } = this.#options;
    if (errorCode === offsetOutOfRange) {
      throw new WordcountError('input', `topic '${topic}' has lost records of partition ${partition} meanwhile`, {
        hint: "look at the topic's retention, and verify again",
      });
    }
    if (errorCode === topicDenied) {
      throw notAuthorized('Read', `topic '${topic}'`);
    }
    if (errorCode !== 0) return 'leaderMoved';
    const first = this.#next.get(partition) ?? Infinity;
    const end = this.#ends.get(partition) ?? 0;
    const transactions = new AbortedTransactions(fetched.aborted);
    let next = first;
    try {
      for (const batch of recordBatches(fetched.records)) {
        if (batch.baseOffset >= end) {
          next = end;
          break;
        }
        if (transactions.isCommitted(batch)) {
          batch.records((offset, value) => {
            if (offset >= first && offset < end) onRecord(partition, offset, value);
          });
        }
        next = Math.max(next, batch.lastOffset + 1);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new WordcountError('input', `topic '${topic}' partition ${partition}: ${error.message}`, { cause: error });
    }
    if (next > first) this.#deadlineMs = performance.now() + this.#options.timeoutMs;
    if (next >= end) this.#next.delete(partition);
    else this.#next.set(partition, next);
    return 'taken';
  }

  #timeUp(): WordcountError {
    const { timeoutMs, topic } = this.#options;
    const error = timeUpError(this.#sockets.sightings, { ...this.#connection, timeoutMs });
    const standing = [...this.#next].map(([partition, offset]) => `${partition} at ${offset}`).join(', ');
    const answered = [...this.#sockets.sightings.values()].some(({ kind }) => kind === 'answered');
    if (!answered) return error;
    return new WordcountError('timeout', `topic '${topic}': no further records within ${timeoutMs} ms (--timeout)`, {
      hint: `partitions ${standing}; is a transaction open, or a partition without a leader?`,
    });
  }
}
