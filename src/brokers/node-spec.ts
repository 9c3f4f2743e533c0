/** What a process of the managed brokers is in Kafka's KRaft mode. */
export type NodeRole = 'broker' | 'controller';

/** One process of the managed brokers. */
export interface NodeSpec {
  readonly nodeId: number;
  readonly role: NodeRole;
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
 * Brokers, and a process that is only a controller: if the only controller ran inside a broker,
 * losing that broker would stop every election.
 * @param ports - one port per process, brokers first
 * @param proxyListeners - one listener for each broker
 */
export function nodeSpecs<const Ports extends readonly number[]>(
  ports: Ports,
  proxyListeners: readonly ProxyListener[] = [],
): { readonly [Index in keyof Ports]: NodeSpec } {
  const specs = ports.map((port, index): NodeSpec => {
    const proxyListener = proxyListeners[index];
    const role = index === ports.length - 1 ? 'controller' : 'broker';
    return { nodeId: index + 1, role, port, ...(proxyListener === undefined ? {} : { proxyListener }) };
  });
  return specs as { readonly [Index in keyof Ports]: NodeSpec };
}
