import type { Connection } from '../../config/connection.ts';
import { sleep } from '../../time/sleep.ts';
import { BrokerConnections } from './cluster.ts';
import { kafkajsConfig } from './config.ts';
import type { AclRight } from './errors.ts';
import { retried } from './retried.ts';
import { KafkajsSockets } from './sockets.ts';

const closeGraceMs = 500;

/**
 * Calls that may be made while a group runs, on connections of kafkajs, which cannot crash the
 * process and which are opened at the first call. Each call ends within `timeoutMs`.
 */
export class BrokerCalls {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  readonly #sockets: KafkajsSockets;
  readonly #brokers: BrokerConnections;

  /** @throws ClusterError usage when a client property can't be honoured */
  constructor(connection: Connection, options: { readonly clientId: string; readonly timeoutMs: number }) {
    const { clientId, timeoutMs } = options;
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
    this.#sockets = new KafkajsSockets(connection);
    const config = kafkajsConfig(connection, {
      clientId,
      // Short enough for a second broker's turn where the first one hangs.
      requestTimeoutMs: Math.ceil(timeoutMs / 3),
      connectionTimeoutMs: Math.ceil(timeoutMs / 3),
    });
    this.#brokers = new BrokerConnections({ ...config, socketFactory: this.#sockets.factory });
  }

  /**
   * @param subject - the topic or the group of the call, for errors
   * @param action - is repeated while its failure is transient
   * @throws ClusterError as `retried` does
   */
  call<T>(subject: string, action: (brokers: BrokerConnections) => Promise<T>, right?: AclRight): Promise<T> {
    const options = { connection: this.#connection, timeoutMs: this.#timeoutMs, subject, sockets: this.#sockets };
    return retried({ ...options, ...(right === undefined ? {} : { right }) }, async () => {
      await this.#brokers.connect();
      return action(this.#brokers);
    });
  }

  /** Ends within half a second; calls under way fail. */
  async close(): Promise<void> {
    const disconnected = this.#brokers.disconnect().catch(() => undefined);
    await Promise.race([disconnected, sleep(closeGraceMs, undefined, { ref: false })]);
    this.#sockets.destroy();
  }
}
