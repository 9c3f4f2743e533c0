import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { matches, type LinkRule } from './link-rules.ts';
import { ProxiedConnection, type ProxyRules } from './proxied-connection.ts';

export interface ProxiedBroker {
  readonly nodeId: number;
  /** The port on 127.0.0.1 that clients connect to: the broker advertises it. */
  readonly listenPort: number;
  /** The port on which the broker accepts the proxy's connections. */
  readonly brokerPort: number;
}

/**
 * A proxy between the members of a group and the brokers, which can cut off any one member: the
 * client id in the first request of a connection identifies its member. It needs no privileges,
 * unlike a packet filter.
 */
export class BrokerProxy {
  readonly #servers: readonly Server[];
  readonly #connections = new Set<ProxiedConnection>();
  readonly #rules = new Set<LinkRule>();
  #changed = new AbortController();

  private constructor(brokers: readonly ProxiedBroker[]) {
    this.#servers = brokers.map((broker) =>
      createServer((socket) => {
        this.#accept(socket, broker);
      }),
    );
  }

  /** @throws Error when a port is in use */
  static async start(brokers: readonly ProxiedBroker[]): Promise<BrokerProxy> {
    const proxy = new BrokerProxy(brokers);
    for (const [index, { listenPort }] of brokers.entries()) {
      const server = proxy.#servers[index];
      server?.listen({ host: '127.0.0.1', port: listenPort, exclusive: true });
      if (server !== undefined) await once(server, 'listening');
    }
    return proxy;
  }

  /** Adds obstacles. @returns a function that removes them */
  add(rule: LinkRule): () => void {
    this.#rules.add(rule);
    this.#wake();
    return () => {
      this.#rules.delete(rule);
      this.#wake();
    };
  }

  /**
   * Resets the present connections in the middle of the next response: half of it arrives.
   * @returns their number
   */
  resetInMidResponse(links: Pick<LinkRule, 'clientIdPrefix' | 'nodeIds'>): number {
    const matching = [...this.#connections].filter(({ link }) => link !== undefined && matches(links, link));
    for (const connection of matching) connection.resetAtNextResponse();
    return matching.length;
  }

  /** Number of connections of clients whose id begins with the prefix. */
  connectionsOf(clientIdPrefix: string): number {
    return [...this.#connections].filter(({ link }) => link?.clientId.startsWith(clientIdPrefix) === true).length;
  }

  /** Ends all connections. */
  async stop(): Promise<void> {
    this.#rules.clear();
    for (const connection of this.#connections) connection.destroy();
    this.#wake();
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))));
  }

  #accept(socket: Socket, broker: ProxiedBroker): void {
    const rules: ProxyRules = { all: this.#rules, changed: () => this.#changed.signal };
    const connection = new ProxiedConnection(socket, broker, rules);
    this.#connections.add(connection);
    void connection.run().finally(() => this.#connections.delete(connection));
  }

  #wake(): void {
    const before = this.#changed;
    this.#changed = new AbortController();
    before.abort();
  }
}
