import { expect, test } from 'vitest';
import { resolveBrokers } from '../../src/brokers/resolve.ts';

test('the mock cluster is labelled as such, and an external cluster by its addresses', async () => {
  const brokers = await resolveBrokers({ properties: {}, source: 'mock', timeoutMs: 60_000, log: () => undefined });
  expect(brokers.label).toBe("librdkafka's mock cluster (not suitable for benchmarking)");
  expect(brokers.connection.source).toBe('mock');
  const { bootstrapServers } = brokers.connection;
  const external = await resolveBrokers({
    bootstrapServers,
    properties: {},
    source: 'managed',
    timeoutMs: 60_000,
    log: () => undefined,
  });
  expect(external).toMatchObject({ label: bootstrapServers, connection: { source: 'external' } });
  await external.close();
  await brokers.close();
});
