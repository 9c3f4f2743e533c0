import type { KafkaConfig } from 'kafkajs';
import type { Connection } from '../../config/connection.ts';
import { sleep } from '../../time/sleep.ts';
import { BrokerConnections } from './cluster.ts';
import { kafkajsConfig } from './config.ts';
import { rootError, type AclRight } from './errors.ts';
import { retried } from './retried.ts';
import { KafkajsSockets } from './sockets.ts';

const closeGraceMs = 500;
/**
 * A broker that hangs takes part in calls until the cluster removes it, so several attempts must fit
 * into the time of a call.
 */
const requestTimeoutMsMax = 2_000;

/**
 * Calls that may be made while a group runs, on connections of kafkajs, which cannot crash the
 * process and which are opened at the first call. Each call ends within `timeoutMs`.
 */
export class BrokerCalls {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  readonly #sockets: KafkajsSockets;
  readonly #config: KafkaConfig & { readonly brokers: string[] };
  #current: Connections;
  #replaced = 0;

  /** @throws ClusterError usage when a client property can't be honoured */
  constructor(connection: Connection, options: { readonly clientId: string; readonly timeoutMs: number }) {
    const { clientId, timeoutMs } = options;
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
    this.#sockets = new KafkajsSockets(connection);
    const requestTimeoutMs = Math.min(requestTimeoutMsMax, Math.ceil(timeoutMs / 3));
    const config = kafkajsConfig(connection, { clientId, requestTimeoutMs, connectionTimeoutMs: requestTimeoutMs });
    this.#config = { ...config, socketFactory: this.#sockets.factory };
    this.#current = new Connections(this.#config);
  }

  /**
   * @param subject - the topic or the group of the call, for errors
   * @param action - is repeated while its failure is transient
   * @throws ClusterError as `retried` does
   */
  call<T>(subject: string, action: (brokers: BrokerConnections) => Promise<T>, right?: AclRight): Promise<T> {
    const options = { connection: this.#connection, timeoutMs: this.#timeoutMs, subject, sockets: this.#sockets };
    return retried({ ...options, ...(right === undefined ? {} : { right }) }, async () => {
      const connections = this.#current;
      try {
        return await connections.run(action);
      } catch (error) {
        if (rootError(error).name === 'KafkaJSRequestTimeoutError') this.#replace(connections);
        throw error;
      }
    });
  }

  /** Ends within half a second; calls under way fail. */
  async close(): Promise<void> {
    await Promise.race([this.#current.disconnect(), sleep(closeGraceMs, undefined, { ref: false })]);
    this.#sockets.destroy();
  }

  /** kafkajs asks the first broker that it is connected to for metadata, even while that one hangs. */
  #replace(connections: Connections): void {
    if (connections !== this.#current) return;
    this.#replaced += 1;
    const { brokers } = this.#config;
    const first = this.#replaced % brokers.length;
    this.#current = new Connections({
      ...this.#config,
      brokers: [...brokers.slice(first), ...brokers.slice(0, first)],
    });
    connections.retire();
  }
}

/** Connections that are closed when they are no longer the current ones and no call uses them. */
class Connections {
  readonly #brokers: BrokerConnections;
  #calls = 0;
  #isRetired = false;

  constructor(config: KafkaConfig) {
    this.#brokers = new BrokerConnections(config);
  }

  async run<T>(action: (brokers: BrokerConnections) => Promise<T>): Promise<T> {
    this.#calls += 1;
    try {
      await this.#brokers.connect();
      return await action(this.#brokers);
    } finally {
      this.#calls -= 1;
      this.#closeIfUnused();
    }
  }

  retire(): void {
    this.#isRetired = true;
    this.#closeIfUnused();
  }

  disconnect(): Promise<void> {
    return this.#brokers.disconnect().catch(() => undefined);
  }

  #closeIfUnused(): void {
    if (this.#isRetired && this.#calls === 0) void this.disconnect();
  }
}
