import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import type { ManagedBrokers } from '../../src/brokers/managed-brokers.ts';
import { startManagedBrokers, type ManagedBrokersOptions } from '../../src/brokers/managed.ts';
import type { Connection } from '../../src/config/connection.ts';

/**
 * The two managed brokers that all test files of a run share; the first caller waits until they are
 * up. Use topics and groups of your own, and leave the brokers alone: a test that kills or pauses
 * some takes `withBrokers`.
 */
export async function sharedBrokers(): Promise<Connection> {
  const answer = await text(connect({ host: '127.0.0.1', port: inject('sharedBrokersPort') }));
  const value = JSON.parse(answer) as Connection | string;
  if (typeof value === 'string') throw new Error(`the shared brokers did not start: ${value}`);
  return value;
}

/** Runs `action` on two separate brokers, and always stops them. */
export async function withBrokers<T>(
  action: (brokers: ManagedBrokers) => Promise<T>,
  options: ManagedBrokersOptions = {},
): Promise<T> {
  const brokers = await startManagedBrokers(options);
  try {
    return await action(brokers);
  } finally {
    await brokers.stop();
  }
}
