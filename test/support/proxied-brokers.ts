import { onTestFinished } from 'vitest';
import type { ManagedBrokers } from '../../src/brokers/managed-brokers.ts';
import type { ManagedBrokersOptions } from '../../src/brokers/managed.ts';
import type { Connection } from '../../src/config/connection.ts';
import { BrokerProxy } from '../../src/stress/faults/broker-proxy.ts';
import { proxyListeners } from '../../src/stress/faults/proxy-listener.ts';
import { withBrokers } from './brokers.ts';

export interface ProxiedBrokers {
  readonly brokers: ManagedBrokers;
  readonly proxy: BrokerProxy;
  /** Through the proxy. */
  readonly connection: Connection;
}

/** Brokers of the test, which can also be reached through a proxy that ends with the test. */
export async function withProxiedBrokers(
  action: (proxied: ProxiedBrokers) => Promise<void>,
  options: ManagedBrokersOptions = {},
): Promise<void> {
  await withBrokers(
    async (brokers) => {
      const { proxied, connection } = proxyListeners(brokers);
      const proxy = await BrokerProxy.start(proxied);
      onTestFinished(() => proxy.stop());
      await action({ brokers, proxy, connection });
    },
    { ...options, proxyListeners: true },
  );
}
