import type { ManagedBrokers } from '../brokers/managed-brokers.ts';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { Connection } from '../config/connection.ts';
import { BrokerProxy } from '../faults/broker-proxy.ts';
import { detourConnection } from '../faults/detour.ts';
import { readGroupLimits, type GroupLimits } from '../kafka/group-limits.ts';
import { allFaultKinds, factsOf, type FaultKind } from '../faults/kinds.ts';

/** What the runs of a stress test share. */
export interface RunResources {
  /** Straight to the brokers. */
  readonly connection: Connection;
  /** By way of the proxy, where there is one. */
  readonly memberConnection: Connection;
  readonly managed?: ManagedBrokers;
  readonly proxy?: BrokerProxy;
  readonly limits: GroupLimits;
  /** For people: what brokers these are. */
  readonly label: string;
  readonly close: () => Promise<void>;
}

/** Puts a proxy before the brokers when they were started to be broken. The resources own the brokers. */
export async function openResources(brokers: ResolvedBrokers, timeoutMs: number): Promise<RunResources> {
  const { connection, managed, label } = brokers;
  const shared = { connection, label, limits: await limitsOf(brokers, timeoutMs) };
  if (managed === undefined) return { ...shared, memberConnection: connection, close: () => brokers.close() };
  const { proxied, connection: detour } = detourConnection(managed);
  const proxy = await BrokerProxy.start(proxied);
  const memberConnection = { ...connection, bootstrapServers: detour.bootstrapServers };
  const close = async (): Promise<void> => {
    await proxy.stop();
    await brokers.close();
  };
  return { ...shared, memberConnection, managed, proxy, close };
}

/** Without limits there are no runs: what was started for them ends. */
async function limitsOf(brokers: ResolvedBrokers, timeoutMs: number): Promise<GroupLimits> {
  try {
    return await readGroupLimits(brokers.connection, timeoutMs);
  } catch (error) {
    await brokers.close();
    throw error;
  }
}

/** Kinds of faults that can be had with brokers of that source. */
export function possibleKinds(source: Connection['source']): FaultKind[] {
  return allFaultKinds.filter((kind) => {
    const { needs } = factsOf(kind);
    return needs === 'managed' ? source === 'managed' : needs !== 'kafka' || source !== 'mock';
  });
}
