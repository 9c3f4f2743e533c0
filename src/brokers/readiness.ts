import { connect } from 'node:net';
import type { Connection } from '../config/connection.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { nowMs } from '../time/clock.ts';
import { sleepUntil } from '../time/sleep.ts';
import type { NodeRole, NodeSpec } from './node-spec.ts';

const pollMs = 25;

/** The connection to one or several of the managed brokers. */
export function loopbackConnection(nodes: readonly NodeSpec[]): Connection {
  const bootstrapServers = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return { bootstrapServers, source: 'managed', properties: {} };
}

interface WaitOptions {
  readonly expected: readonly NodeSpec[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const waits: Readonly<Record<NodeRole, (node: NodeSpec, options: WaitOptions) => Promise<void>>> = {
  broker: waitBrokerReady,
  controller: ({ port }, options) => waitPortOpen(port, options),
};

/** Resolves when the process serves its clients. Errors are those of `waitBrokerReady`. */
export function waitReady(node: NodeSpec, options: WaitOptions): Promise<void> {
  return waits[node.role](node, options);
}

/**
 * Resolves when the broker itself answers a metadata request, and its response lists every broker
 * of `expected`.
 * @throws ClusterError brokerUnavailable after `timeoutMs`; the signal's reason
 */
async function waitBrokerReady(node: NodeSpec, options: WaitOptions): Promise<void> {
  const deadlineMs = nowMs() + options.timeoutMs;
  // The port opens long before the broker answers requests, but a client that tries before that
  // only backs off.
  await waitPortOpen(node.port, options);
  const { signal } = options;
  const admin = await Admin.connect(loopbackConnection([node]), { timeoutMs: deadlineMs - nowMs(), signal });
  try {
    for (;;) {
      const listed = new Set((await admin.brokers()).map(({ nodeId }) => nodeId));
      if (options.expected.every(({ nodeId }) => listed.has(nodeId))) return;
      if (nowMs() >= deadlineMs) throw new Error(`broker ${node.nodeId} does not see every other broker`);
      await sleepUntil(nowMs() + pollMs, signal);
    }
  } finally {
    await admin.close();
  }
}

/**
 * Makes the brokers create their offsets topic now. Otherwise the first group would have to retry
 * until every partition of that topic has a leader.
 * @throws ClusterError brokerUnavailable after `timeoutMs`; the signal's reason
 */
export async function waitGroupsReady(
  connection: Connection,
  { timeoutMs, signal }: Omit<WaitOptions, 'expected'>,
): Promise<void> {
  const admin = await Admin.connect(connection, { timeoutMs, signal });
  try {
    // Any request about a group suffices, and this one leaves no data.
    await admin.deleteGroup('consumer-cluster-ready');
  } finally {
    await admin.close();
  }
}

/** Resolves when something listens on 127.0.0.1:`port`. */
async function waitPortOpen(port: number, options: Omit<WaitOptions, 'expected'>): Promise<void> {
  const deadlineMs = nowMs() + options.timeoutMs;
  while (!(await accepts(port))) {
    options.signal.throwIfAborted();
    if (nowMs() >= deadlineMs) throw new Error(`nothing is listening on 127.0.0.1:${port}`);
    await sleepUntil(nowMs() + pollMs, options.signal);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
