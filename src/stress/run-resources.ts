import type { ManagedBrokers } from '../brokers/managed-brokers.ts';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { Connection } from '../config/connection.ts';
import { BrokerProxy } from './faults/broker-proxy.ts';
import { allFaults, type FaultKind } from './faults/all-faults.ts';
import type { FaultNeed } from './faults/fault.ts';
import { proxyListeners } from './faults/proxy-listener.ts';
import { readGroupLimits, type GroupLimits } from '../kafka/kafkajs/group-limits.ts';

/** Resources that all runs of a stress test share. */
export interface RunResources {
  /** Connects directly to the brokers. */
  readonly connection: Connection;
  /** Connects through the proxy, if there is one. */
  readonly memberConnection: Connection;
  readonly managed?: ManagedBrokers;
  readonly proxy?: BrokerProxy;
  readonly limits: GroupLimits;
  /** Description of the brokers for users. */
  readonly label: string;
  readonly close: () => Promise<void>;
}

/** Puts a proxy before brokers that were started for faults. The resources own the brokers. */
export async function openResources(brokers: ResolvedBrokers, timeoutMs: number): Promise<RunResources> {
  const { connection, managed, label } = brokers;
  const shared = { connection, label, limits: await limitsOf(brokers, timeoutMs) };
  if (managed === undefined) return { ...shared, memberConnection: connection, close: () => brokers.close() };
  const { proxied, connection: throughProxy } = proxyListeners(managed);
  const proxy = await BrokerProxy.start(proxied);
  const memberConnection = { ...connection, bootstrapServers: throughProxy.bootstrapServers };
  const close = async (): Promise<void> => {
    await proxy.stop();
    await brokers.close();
  };
  return { ...shared, memberConnection, managed, proxy, close };
}

/**
 * Without limits no run is possible, so an error ends the brokers that were started for the runs.
 */
async function limitsOf(brokers: ResolvedBrokers, timeoutMs: number): Promise<GroupLimits> {
  try {
    return await readGroupLimits(brokers.connection, timeoutMs);
  } catch (error) {
    await brokers.close();
    throw error;
  }
}

/** The brokers that meet the need of a fault. */
const sourcesFor: Readonly<Record<FaultNeed, readonly Connection['source'][]>> = {
  managed: ['managed'],
  kafka: ['managed', 'external'],
};

/** Kinds of faults that are possible with the given brokers. */
export function possibleKinds(source: Connection['source']): FaultKind[] {
  return allFaults.filter((fault) => isPossible(fault, source)).map(({ kind }) => kind);
}

/** @param fault - only what it needs */
export function isPossible({ needs }: { readonly needs?: FaultNeed }, source: Connection['source']): boolean {
  return needs === undefined || sourcesFor[needs].includes(source);
}
