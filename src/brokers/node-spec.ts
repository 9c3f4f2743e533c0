/** One process of the managed brokers. */
export interface NodeSpec {
  readonly nodeId: number;
  readonly role: 'broker' | 'controller';
  /** On 127.0.0.1. */
  readonly port: number;
}

/**
 * Two brokers and a process that is only a controller: with the only controller inside a broker, losing that broker
 * would stop every election.
 * @param ports - one for each process, brokers first
 */
export function nodeSpecs(ports: readonly [number, number, number]): readonly [NodeSpec, NodeSpec, NodeSpec] {
  return [
    { nodeId: 1, role: 'broker', port: ports[0] },
    { nodeId: 2, role: 'broker', port: ports[1] },
    { nodeId: 3, role: 'controller', port: ports[2] },
  ];
}
