import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { concerns, type LinkRule } from './link-rules.ts';
import { ProxiedConnection, type ProxyRules } from './proxied-connection.ts';

export interface ProxiedBroker {
  readonly nodeId: number;
  /** Where clients come, on 127.0.0.1: the address that the broker advertises. */
  readonly listenPort: number;
  /** Where the broker listens for them. */
  readonly brokerPort: number;
}

/**
 * Stands between the members of a group and the brokers, and can cut off any one of them: it knows whose connection it is
 * by the client id in the first request. Needs no rights, unlike a packet filter.
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

  /** Puts obstacles in the way. @returns a function that takes them away again */
  add(rule: LinkRule): () => void {
    this.#rules.add(rule);
    this.#wake();
    return () => {
      this.#rules.delete(rule);
      this.#wake();
    };
  }

  /** Cuts the present connections in the middle of the next answer: half of it arrives, then a reset. @returns how many */
  resetInMidResponse(links: Pick<LinkRule, 'clientIdPrefix' | 'nodeIds'>): number {
    const concerned = [...this.#connections].filter(({ link }) => link !== undefined && concerns(links, link));
    for (const connection of concerned) connection.resetAtNextResponse();
    return concerned.length;
  }

  /** Connections of clients whose id begins so. */
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
