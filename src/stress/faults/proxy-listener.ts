import type { ManagedBrokers } from '../../brokers/managed-brokers.ts';
import type { Connection } from '../../config/connection.ts';
import type { ProxiedBroker } from './broker-proxy.ts';

/**
 * @returns the brokers' second listeners, for a proxy, and the connection of the clients that
 *   connect through it
 */
export function proxyListeners({ nodes, connection }: ManagedBrokers): {
  readonly proxied: readonly ProxiedBroker[];
  readonly connection: Connection;
} {
  const proxied = nodes.flatMap(({ nodeId, proxyListener }) =>
    proxyListener === undefined
      ? []
      : [{ nodeId, listenPort: proxyListener.advertisedPort, brokerPort: proxyListener.port }],
  );
  const bootstrapServers = proxied.map(({ listenPort }) => `127.0.0.1:${listenPort}`).join(',');
  return { proxied, connection: { ...connection, bootstrapServers } };
}
