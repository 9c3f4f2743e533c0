import type { Connection } from '../../config/connection.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { within } from '../../time/time-limit.ts';
import { kafkajsConfig } from './config.ts';
import { kafkajsExports } from './internals.ts';
import { KafkajsSockets } from './sockets.ts';

export interface TransactionOptions {
  readonly topic: string;
  readonly transactionalId: string;
  /** The brokers abort an unfinished transaction after this time. */
  readonly transactionTimeoutMs: number;
}

/** Bound on each step, whatever kafkajs makes of brokers that are killed under it. */
const stepMsMax = 15_000;

/** Outcome of a transaction; unknown when its end was not acknowledged. */
export type TransactionOutcome = 'committed' | 'aborted' | 'unknown';

type TransactionEnd = 'commit' | 'abort';
/** A transaction whose abort was not acknowledged is aborted by the brokers in time. */
const outcomes = {
  commit: { acknowledged: 'committed', unacknowledged: 'unknown' },
  abort: { acknowledged: 'aborted', unacknowledged: 'aborted' },
} as const satisfies Record<TransactionEnd, Record<string, TransactionOutcome>>;

/**
 * A transactional producer by kafkajs. Do not use it after an unknown outcome: a late response
 * could affect the next transaction (Kafka's protocol before KIP-890). @see close
 */
export class TransactionProducer {
  readonly #options: TransactionOptions;
  readonly #sockets: KafkajsSockets;
  readonly #producer;

  constructor(connection: Connection, options: TransactionOptions) {
    this.#options = options;
    this.#sockets = new KafkajsSockets(connection);
    const config = kafkajsConfig(connection, {
      clientId: `consumer-cluster-${options.transactionalId}`,
      requestTimeoutMs: 2_000,
      connectionTimeoutMs: 1_000,
    });
    const { Kafka } = kafkajsExports();
    const kafka = new Kafka({ ...config, retry: { retries: 2 }, socketFactory: this.#sockets.factory });
    this.#producer = kafka.producer({
      transactionalId: options.transactionalId,
      transactionTimeout: options.transactionTimeoutMs,
      maxInFlightRequests: 1,
      idempotent: true,
    });
  }

  /** @throws Error when there is no connection or no producer id within `stepMsMax` */
  async connect(): Promise<void> {
    await step(() => this.#producer.connect());
  }

  /**
   * One transaction of these values.
   * @param end - how it is meant to end
   * @throws Error when its end could not be attempted: nothing was committed, and the producer must
   * not be used again
   */
  async send(partition: number, values: readonly Buffer[], end: TransactionEnd): Promise<TransactionOutcome> {
    const { topic } = this.#options;
    const transaction = await step(() => this.#producer.transaction());
    try {
      await step(() => transaction.send({ topic, messages: values.map((value) => ({ partition, value })) }));
    } catch {
      // Not committed by us in any case: the brokers abort it in time.
      await step(() => transaction.abort());
      return 'aborted';
    }
    const { acknowledged, unacknowledged } = outcomes[end];
    try {
      await step(() => transaction[end]());
    } catch {
      return unacknowledged;
    }
    return acknowledged;
  }

  async close(): Promise<void> {
    await Promise.race([this.#producer.disconnect().catch(() => undefined), sleep(500, undefined, { ref: false })]);
    this.#sockets.destroy();
  }
}

function step<T>(action: () => Promise<T>): Promise<T> {
  return within(nowMs() + stepMsMax, action);
}
