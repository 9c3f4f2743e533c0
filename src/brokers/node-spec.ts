/** One process of the managed brokers. */
export interface NodeSpec {
  readonly nodeId: number;
  readonly role: 'broker' | 'controller';
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** A second listener that advertises another address to its clients; undefined for none. */
  readonly proxyListener?: ProxyListener;
}

/** A listener of a broker whose clients are sent through a proxy. Both ports are on 127.0.0.1. */
export interface ProxyListener {
  /** Port on which the broker listens. */
  readonly port: number;
  /** Port that it advertises to clients: the port of a proxy, see faults/broker-proxy.ts. */
  readonly advertisedPort: number;
}

/**
 * Two brokers and a process that is only a controller: with the only controller inside a broker,
 * losing that broker would stop every election.
 * @param ports - one for each process, brokers first
 * @param proxyListeners - one for each of the two brokers
 */
export function nodeSpecs(
  ports: readonly [number, number, number],
  proxyListeners?: readonly [ProxyListener, ProxyListener],
): readonly [NodeSpec, NodeSpec, NodeSpec] {
  return [
    {
      nodeId: 1,
      role: 'broker',
      port: ports[0],
      ...(proxyListeners === undefined ? {} : { proxyListener: proxyListeners[0] }),
    },
    {
      nodeId: 2,
      role: 'broker',
      port: ports[1],
      ...(proxyListeners === undefined ? {} : { proxyListener: proxyListeners[1] }),
    },
    { nodeId: 3, role: 'controller', port: ports[2] },
  ];
}
