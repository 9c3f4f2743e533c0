import { ClusterError } from '../errors.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { nowMs } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { KeptBrokers } from './kept-brokers.ts';
import type { NodeRole } from './node-spec.ts';
import { identify, isAlive } from './process-identity.ts';

/**
 * `serving`: a broker that a fresh metadata response lists. `running`: a controller, or a broker
 * that no response lists.
 */
export type NodeState = 'serving' | 'running' | 'gone';

export interface BrokersStatus extends KeptBrokers {
  /** True when every broker serves and the controller runs. */
  readonly up: boolean;
  readonly nodes: readonly (KeptBrokers['nodes'][number] & { readonly state: NodeState })[];
}

/** A controller serves no clients, so it can only be seen to run. */
const stateWhenUp: Readonly<Record<NodeRole, NodeState>> = { broker: 'serving', controller: 'running' };

/** @param timeoutMs - longest time until the brokers respond */
export async function brokersStatus(kept: KeptBrokers, timeoutMs: number): Promise<BrokersStatus> {
  const serving = await servingIds(kept, timeoutMs);
  const nodes = kept.nodes.map((node) => {
    const state: NodeState =
      identify(node.pid) === undefined ? 'gone' : serving.has(node.nodeId) ? 'serving' : 'running';
    return { ...node, state };
  });
  const up = nodes.every(({ role, state }) => state === stateWhenUp[role]);
  return { ...kept, up, nodes };
}

async function servingIds(kept: KeptBrokers, timeoutMs: number): Promise<ReadonlySet<number>> {
  try {
    const connection = { bootstrapServers: kept.bootstrapServers, source: 'managed', properties: {} } as const;
    const admin = await Admin.connect(connection, { timeoutMs });
    try {
      return new Set((await admin.brokers()).map(({ nodeId }) => nodeId));
    } finally {
      await admin.close();
    }
  } catch {
    // Without a response no broker is serving.
    return new Set();
  }
}

const orderlyMsMax = 40_000;
const killedMsMax = 5_000;

/**
 * Asks the process on which the background brokers depend to end, and kills it if it does not: the
 * brokers can't outlive it. Resolves when it is gone.
 * @throws ClusterError environment when the process survives
 */
export async function stopKeptBrokers(kept: KeptBrokers): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGTERM', orderlyMsMax],
    ['SIGKILL', killedMsMax],
  ] as const) {
    signalProcess(kept.owner.pid, signal);
    const deadlineMs = nowMs() + timeoutMs;
    while (nowMs() < deadlineMs) {
      if (!isAlive(kept.owner)) return;
      await sleep(50);
    }
  }
  throw new ClusterError('environment', `process ${kept.owner.pid} did not end`);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
