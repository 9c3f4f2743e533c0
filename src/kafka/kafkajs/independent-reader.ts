import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { within } from '../../time/time-limit.ts';
import type { FetchResponse } from '../wire/fetch-response.ts';
import { BrokerConnections } from './cluster.ts';
import { kafkajsConfig } from './config.ts';
import { finalError, timeUpError } from './errors.ts';
import { KafkajsSockets } from './sockets.ts';
import { noLeaderError, type LeaderlessPartition } from '../no-leader.ts';
import { haveWorked } from './worked-settings.ts';
import { PartitionReading, type OffsetRange, type OnRecord } from './partition-reading.ts';

export type { OffsetRange };

export interface ReadOptions {
  readonly topic: string;
  readonly ranges: readonly OffsetRange[];
  /**
   * Longest time without progress and without throttling. Brokers may fail over within it.
   */
  readonly timeoutMs: number;
  /** Grouped by partition, in the order of offsets. */
  readonly onRecord: OnRecord;
  readonly signal?: AbortSignal;
}

export interface ReadSummary {
  /**
   * By partition: offsets within the range that are neither a record nor a marker, because
   * compaction removed them.
   */
  readonly holes: ReadonlyMap<number, number>;
}

const fetchBytesMax = 16 * 1_048_576;
const partitionBytesMax = 4 * 1_048_576;
const fetchWaitMs = 200;
const retryDelayMs = 100;

/** A partition counts as empty up to its end after this number of consecutive empty responses. */
const emptyAnswersMin = 2;

/**
 * Reads partitions up to given offsets with a client other than the members', without a group:
 * committed records only, each exactly once, with all compression codecs.
 * @throws ClusterError topicUnavailable, brokerUnavailable, accessDenied; input when records were
 * deleted during the read or are damaged; timeout when there is no progress for `timeoutMs`, with
 * the partition and the reason; the signal's reason
 */
export async function readIndependently(connection: Connection, options: ReadOptions): Promise<ReadSummary> {
  const reading = new Reading(connection, options);
  try {
    await reading.run();
    return reading.summary();
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
  readonly #partitions: ReadonlyMap<number, PartitionReading>;
  /** Whether each had a leader when we asked last, and who holds it. */
  #leaderless: readonly LeaderlessPartition[] = [];
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
    const readings = options.ranges.map((range) => new PartitionReading(options.topic, range));
    this.#partitions = new Map(readings.map((reading) => [reading.partition, reading]));
    this.#deadlineMs = nowMs() + options.timeoutMs;
  }

  async run(): Promise<void> {
    const { topic, signal } = this.#options;
    while (this.#left().length > 0) {
      signal?.throwIfAborted();
      try {
        await within(this.#deadlineMs, () => this.#brokers.connect());
        const leaders = await this.#leaders();
        const nodes = new Set(this.#left().map(({ partition }) => leaders.get(partition) ?? -1));
        nodes.delete(-1);
        // All readings end before any starts again, or one partition's records could come twice.
        const readings = await Promise.allSettled([...nodes].map((node) => this.#readFrom(node, leaders)));
        for (const reading of readings) if (reading.status === 'rejected') throw reading.reason;
      } catch (error) {
        signal?.throwIfAborted();
        const final = finalError(error, topic, this.#sockets.sightings, 'Read');
        if (final !== undefined) throw final;
        if (nowMs() + retryDelayMs >= this.#deadlineMs) throw this.#timeUp();
      }
      if (this.#left().length === 0) return;
      // Only a broker's trouble leads here: ask who leads, a little later.
      await sleep(retryDelayMs);
      if (nowMs() >= this.#deadlineMs) throw this.#timeUp();
    }
  }

  summary(): ReadSummary {
    return { holes: new Map([...this.#partitions].map(([partition, { holes }]) => [partition, holes])) };
  }

  async close(): Promise<void> {
    const disconnected = this.#brokers.disconnect().catch(() => undefined);
    await Promise.race([disconnected, sleep(1_000, undefined, { ref: false })]);
    this.#sockets.destroy();
  }

  #left(): PartitionReading[] {
    return [...this.#partitions.values()].filter(({ isDone }) => !isDone);
  }

  async #leaders(): Promise<ReadonlyMap<number, number>> {
    const { partitionMetadata } = await within(this.#deadlineMs, () => this.#brokers.topic(this.#options.topic));
    const left = new Set(this.#left().map(({ partition }) => partition));
    this.#leaderless = partitionMetadata
      .filter(({ leader, partitionId }) => leader < 0 && left.has(partitionId))
      .map(({ partitionId: partition, replicas }) => ({ partition, replicas }));
    return new Map(partitionMetadata.map(({ partitionId, leader }) => [partitionId, leader]));
  }

  /**
   * Reads the partitions that the node leads, until all of them are at their ends or the node no
   * longer leads one of them.
   */
  async #readFrom(nodeId: number, leaders: ReadonlyMap<number, number>): Promise<void> {
    const { topic, signal, timeoutMs } = this.#options;
    for (let emptyAnswers = 0; ;) {
      signal?.throwIfAborted();
      if (nowMs() >= this.#deadlineMs) throw this.#timeUp();
      const readings = this.#left().filter(({ partition }) => leaders.get(partition) === nodeId);
      if (readings.length === 0) return;
      const partitions = readings.map(({ partition, next }) => {
        return { partition, fetchOffset: String(next), maxBytes: partitionBytesMax };
      });
      // The broker fills its answer from the front: so that none starves, the order turns.
      for (const first of partitions.splice(0, this.#turn % partitions.length)) partitions.push(first);
      this.#turn += 1;
      const response = await within(this.#deadlineMs, () =>
        this.#brokers.fetch(nodeId, { topic, partitions, maxBytes: fetchBytesMax, maxWaitTimeMs: fetchWaitMs }),
      );
      if (response.throttleMs > 0) {
        // The broker throttles this client: it would not respond any sooner, and nothing is wrong.
        this.#deadlineMs = Math.max(this.#deadlineMs, nowMs() + response.throttleMs + timeoutMs);
        await sleep(response.throttleMs, undefined, signal === undefined ? {} : { signal });
      }
      if (response.errorCode !== 0) return;
      if (!this.#take(response)) return;
      const isEmpty = response.throttleMs === 0 && response.partitions.every(({ records }) => records.length === 0);
      emptyAnswers = isEmpty ? emptyAnswers + 1 : 0;
      // When the response had room for more, a readable partition that returned nothing has no
      // further records.
      if (emptyAnswers >= emptyAnswersMin) for (const reading of readings) if (reading.isStable) reading.skipToEnd();
    }
  }

  /** @returns false when the node does not lead some of it any more */
  #take(response: FetchResponse): boolean {
    let isLeader = true;
    for (const fetched of response.partitions) {
      const reading = this.#partitions.get(fetched.partition);
      if (reading === undefined) continue;
      const before = reading.next;
      if (reading.take(fetched, this.#options.onRecord) === 'leaderMoved') isLeader = false;
      if (reading.next > before) this.#deadlineMs = nowMs() + this.#options.timeoutMs;
    }
    return isLeader;
  }

  #timeUp(): ClusterError {
    const { timeoutMs, topic } = this.#options;
    if (this.#leaderless.length > 0) return noLeaderError(topic, this.#leaderless);
    const heldBack = this.#left().find(({ isHeldBack }) => isHeldBack);
    const waited = `waited ${timeoutMs / 1_000} s, --timeout`;
    if (heldBack !== undefined) {
      const { partition, next } = heldBack;
      const message = `topic '${topic}' partition ${partition}: an open transaction blocks the records from offset ${next} on (${waited})`;
      return new ClusterError('timeout', message, {
        hint: 'end the transaction, or pass a --timeout longer than its transaction.timeout.ms, after which the broker aborts it',
      });
    }
    const answered = [...this.#sockets.sightings.values()].some(({ kind }) => kind === 'answered');
    if (!answered) {
      const worked = haveWorked(this.#connection);
      return timeUpError(this.#sockets.sightings, { ...this.#connection, timeoutMs, worked });
    }
    const standing = this.#left().map(({ partition, next }) => `${partition} at ${next}`);
    return new ClusterError('timeout', `topic '${topic}': no further records (${waited})`, {
      hint: `partitions ${standing.slice(0, 10).join(', ')}${standing.length > 10 ? ' …' : ''}`,
    });
  }
}
