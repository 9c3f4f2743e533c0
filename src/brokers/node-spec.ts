/** One process of the managed brokers. */
export interface NodeSpec {
  readonly nodeId: number;
  readonly role: 'broker' | 'controller';
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** A second listener that advertises another address to its clients; undefined for none. */
  readonly proxyListener?: ProxyListener;
}

/** A broker's listener whose clients are sent through a proxy. Both ports are on 127.0.0.1. */
export interface ProxyListener {
  /** The port on which the broker listens. */
  readonly port: number;
  /**
   * The port that the broker advertises to clients: that of a proxy, see faults/broker-proxy.ts.
   */
  readonly advertisedPort: number;
}

/**
 * Two brokers and a process that is only a controller: if the only controller ran inside a broker,
 * losing that broker would stop every election.
 * @param ports - one port per process, brokers first
 * @param proxyListeners - one listener for each of the two brokers
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
