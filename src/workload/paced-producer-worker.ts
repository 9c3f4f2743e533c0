import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { ClientProperties } from '../config/consumer-properties.ts';
import type { Connection } from '../config/connection.ts';
import { deliveryTimeoutMs } from '../config/producer-properties.ts';
import { toErrorReport, type ErrorReport } from '../errors.ts';
import { BatchProducer } from '../kafka/producer.ts';
import { nowMs } from '../metrics/clock.ts';
import { latencyColumnOf, pointOf, type LatencyPoints } from '../metrics/latency-points.ts';
import { Schedule } from '../metrics/schedule.ts';
import { RecordBatch, RecordDealer } from './record-batch.ts';
import { openWorkload, type Workload } from './workload.ts';

/** All that the thread is given when it starts. */
export interface PacedProduction {
  readonly connection: Connection;
  readonly topic: string;
  readonly workload: Workload;
  readonly ratePerSecond: number;
  /** How many records, of how many partitions, and where their moments are written down. */
  readonly points: LatencyPoints;
  readonly properties: ClientProperties;
  readonly timeoutMs: number;
}

/** To the thread. */
export interface PacedOrder {
  readonly type: 'start';
  readonly startMs: number;
}

/** From the thread, which ends after the last two. */
export type PacedMessage =
  /** Connected; the schedule may begin. */
  | { readonly type: 'ready' }
  /** All is acknowledged. */
  | { readonly type: 'done'; readonly bytes: number }
  | { readonly type: 'failed'; readonly error: ErrorReport };

const batchCapacity = { records: 16_384, bytes: 1_048_576 } as const;
/** Longest rest: how late an acknowledgement may be heard of. */
const restMsMax = 1;

/**
 * Produces on a schedule that nothing shifts: what is due is handed over at once, however late the thread is. There is a
 * producer for each partition, because the client counts delivery reports and does not tell which records they are of;
 * those of one partition come in order.
 */
class PacedProducer {
  readonly #task: PacedProduction;
  readonly #producers: readonly BatchProducer[];
  readonly #heard: number[];
  readonly #handed: Int32Array;
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
    this.#heard = Array.from({ length: partitions }, () => 0);
    this.#handed = latencyColumnOf(task.points, 'handed');
    this.#acked = latencyColumnOf(task.points, 'acked');
  }

  async connect(): Promise<void> {
    await Promise.all(this.#producers.map((producer) => producer.connect(this.#task.timeoutMs)));
  }

  /** @returns bytes of all values. @throws WordcountError when a record could not be delivered */
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
          await this.#hand(dealer, first);
        }
        this.#hear();
        if (dealer.index >= due) await this.#rest(schedule.atMs(dealer.index));
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

  async #hand(dealer: RecordDealer, first: number): Promise<void> {
    const { topic, points } = this.#task;
    const { partitions } = points;
    for (const [partition, batch] of dealer.batches.entries()) {
      const { count, values: bytes, ends, sizeBytes } = batch;
      if (count === 0) continue;
      await this.#producers[partition]?.produce({ topic, partition, count, values: { bytes, ends } });
      const handedUs = pointOf(points, nowMs());
      const firstOfPartition = first + ((partition - (first % partitions) + partitions) % partitions);
      for (let index = 0; index < count; index += 1) this.#handed[firstOfPartition + index * partitions] = handedUs;
      this.#bytes += sizeBytes;
    }
    dealer.clear();
  }

  /** Writes down which records were acknowledged since the last time. */
  #hear(): void {
    const { points } = this.#task;
    for (const [partition, producer] of this.#producers.entries()) {
      producer.poll();
      const { delivered } = producer;
      const ackedUs = pointOf(points, nowMs());
      for (let nth = this.#heard[partition] ?? 0; nth < delivered; nth += 1) {
        this.#acked[nth * points.partitions + partition] = ackedUs;
      }
      this.#heard[partition] = delivered;
    }
  }

  /** Until the next record is due, but not for long: acknowledgements and events want to be heard. */
  async #rest(untilMs: number): Promise<void> {
    await yieldToEvents();
    const restMs = Math.min(restMsMax, untilMs - nowMs());
    if (restMs > 0) Atomics.wait(this.#bell, 0, 0, restMs);
  }

  async #flush(): Promise<void> {
    const endMs = nowMs() + deliveryTimeoutMs;
    const all = (): number => this.#heard.reduce((sum, heard) => sum + heard, 0);
    while (all() < this.#task.points.records && nowMs() < endMs) {
      this.#hear();
      await this.#rest(Infinity);
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

// Not awaited here: V8 of Node 22 aborts the process when terminate() meets the start of a module that awaits.
void run().finally(() => {
  port.close();
});
