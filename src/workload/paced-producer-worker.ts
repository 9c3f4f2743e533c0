import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { ClientProperties } from '../config/consumer-properties.ts';
import type { Connection } from '../config/connection.ts';
import { deliveryTimeoutMs } from '../config/producer-properties.ts';
import { toErrorReport, type ErrorReport } from '../errors.ts';
import { BatchProducer } from '../kafka/native/producer.ts';
import { nowMs } from '../time/clock.ts';
import { latencyColumnOf, pointOf, type LatencyTimestamps } from '../protocol/cells/latency-timestamps.ts';
import { Schedule } from '../time/schedule.ts';
import { RecordBatch, RecordDealer } from './record-batch.ts';
import { openWorkload, type Workload } from './workload.ts';

/** The data with which the thread starts. */
export interface PacedProduction {
  readonly connection: Connection;
  readonly topic: string;
  readonly workload: Workload;
  readonly ratePerSecond: number;
  /**
   * Number of records and partitions, and the memory that receives the timestamps of the records.
   */
  readonly points: LatencyTimestamps;
  readonly properties: ClientProperties;
  readonly timeoutMs: number;
}

/** Messages to the thread. */
export interface PacedOrder {
  readonly type: 'start';
  readonly startMs: number;
}

/** Messages from the thread, which ends after the last two. */
export type PacedMessage =
  /** The client is connected, and the schedule may begin. */
  | { readonly type: 'ready' }
  /** All records are acknowledged. */
  | { readonly type: 'done'; readonly bytes: number }
  | { readonly type: 'failed'; readonly error: ErrorReport };

const batchCapacity = { records: 16_384, bytes: 1_048_576 } as const;
/** Longest sleep, which is also the largest delay before an acknowledgement is noticed. */
const sleepMsMax = 1;

/**
 * Produces on a fixed schedule: each due record is sent at once, however late the thread is. Each
 * partition has its own producer, because the client counts delivery reports without naming their
 * records. The reports of one partition arrive in order.
 */
class PacedProducer {
  readonly #task: PacedProduction;
  readonly #producers: readonly BatchProducer[];
  readonly #acknowledged: number[];
  readonly #sent: Int32Array;
  readonly #acked: Int32Array;
  readonly #bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #bytes = 0;

  constructor(task: PacedProduction) {
    this.#task = task;
    const { connection, properties } = task;
    const { partitions } = task.points;
    this.#producers = Array.from(
      { length: partitions },
      (_, partition) => new BatchProducer({ connection, properties, clientId: `consumer-cluster-paced-${partition}` }),
    );
    this.#acknowledged = Array.from({ length: partitions }, () => 0);
    this.#sent = latencyColumnOf(task.points, 'handed');
    this.#acked = latencyColumnOf(task.points, 'acked');
  }

  async connect(): Promise<void> {
    await Promise.all(this.#producers.map((producer) => producer.connect(this.#task.timeoutMs)));
  }

  /** @returns bytes of all values. @throws ClusterError when a record could not be delivered */
  async produce(startMs: number): Promise<number> {
    const { ratePerSecond, points, workload } = this.#task;
    const schedule = new Schedule(startMs, ratePerSecond);
    const batches = Array.from({ length: points.partitions }, () => new RecordBatch(batchCapacity));
    const dealer = new RecordDealer(batches);
    const source = openWorkload(workload, { repeat: true });
    try {
      while (dealer.index < points.records) {
        const first = dealer.index;
        const due = Math.min(points.records, schedule.dueBy(nowMs()));
        if (due > first) {
          await source.fill(dealer, due - first);
          await this.#send(dealer, first);
        }
        this.#storeAcknowledged();
        if (dealer.index >= due) await this.#sleep(schedule.atMs(dealer.index));
      }
      await this.#flush();
    } finally {
      await source.close();
    }
    return this.#bytes;
  }

  close(): void {
    for (const producer of this.#producers) producer.close();
  }

  async #send(dealer: RecordDealer, first: number): Promise<void> {
    const { topic, points } = this.#task;
    const { partitions } = points;
    for (const [partition, batch] of dealer.batches.entries()) {
      const { count, values: bytes, ends, sizeBytes } = batch;
      if (count === 0) continue;
      await this.#producers[partition]?.produce({ topic, partition, count, values: { bytes, ends } });
      const sentUs = pointOf(points, nowMs());
      const firstOfPartition = first + ((partition - (first % partitions) + partitions) % partitions);
      for (let index = 0; index < count; index += 1) this.#sent[firstOfPartition + index * partitions] = sentUs;
      this.#bytes += sizeBytes;
    }
    dealer.clear();
  }

  /** Stores the timestamps of the records that were acknowledged since the last call. */
  #storeAcknowledged(): void {
    const { points } = this.#task;
    for (const [partition, producer] of this.#producers.entries()) {
      producer.poll();
      const { delivered } = producer;
      const ackedUs = pointOf(points, nowMs());
      for (let nth = this.#acknowledged[partition] ?? 0; nth < delivered; nth += 1) {
        this.#acked[nth * points.partitions + partition] = ackedUs;
      }
      this.#acknowledged[partition] = delivered;
    }
  }

  /**
   * Sleeps until the next record is due or for `sleepMsMax`, so that acknowledgements and events are
   * handled in time.
   */
  async #sleep(dueMs: number): Promise<void> {
    await yieldToEvents();
    const sleepMs = Math.min(sleepMsMax, dueMs - nowMs());
    if (sleepMs > 0) Atomics.wait(this.#bell, 0, 0, sleepMs);
  }

  async #flush(): Promise<void> {
    const deadlineMs = nowMs() + deliveryTimeoutMs;
    const all = (): number => this.#acknowledged.reduce((sum, records) => sum + records, 0);
    while (all() < this.#task.points.records && nowMs() < deadlineMs) {
      this.#storeAcknowledged();
      await this.#sleep(Infinity);
    }
    for (const producer of this.#producers) await producer.flush(0);
  }
}

const port = parentPort;
if (port === null) throw new Error('paced-producer-worker must run in a worker thread');

const post = (message: PacedMessage): void => {
  port.postMessage(message);
};

const ordered = new Promise<number>((resolve) => {
  port.once('message', ({ startMs }: PacedOrder) => {
    resolve(startMs);
  });
});

async function run(): Promise<void> {
  let producer: PacedProducer | undefined;
  try {
    producer = new PacedProducer(workerData as PacedProduction);
    await producer.connect();
    post({ type: 'ready' });
    post({ type: 'done', bytes: await producer.produce(await ordered) });
  } catch (error) {
    post({ type: 'failed', error: toErrorReport(error) });
  } finally {
    producer?.close();
  }
}

// Not awaited: V8 of Node 22 aborts the process when terminate() meets the start of a module that
// awaits.
void run().finally(() => {
  port.close();
});
