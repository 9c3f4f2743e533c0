import { resolveBrokers, type ResolvedBrokers } from '../brokers/resolve.ts';
import { readClientProperties } from '../config/client-properties.ts';
import { withTrust } from '../config/tls-trust.ts';
import type { CommandContext } from './context.ts';
import type { ConnectionOptions } from './shared-options.ts';

/** Runs `action` on the brokers that the options name, find or start, and puts away afterwards what was started. */
export async function withBrokers<T>(
  options: ConnectionOptions,
  context: CommandContext,
  action: (brokers: ResolvedBrokers) => Promise<T>,
): Promise<T> {
  const brokers = await openBrokers(options, context);
  try {
    return await action(brokers);
  } finally {
    await brokers.close();
  }
}

/** @param how.toBreak - brokers that will be broken, see ResolveOptions */
export async function openBrokers(
  options: ConnectionOptions,
  context: Pick<CommandContext, 'signal' | 'log'>,
  how: { readonly toBreak?: boolean } = {},
): Promise<ResolvedBrokers> {
  const { commandConfig, commandProperty } = options;
  const properties = await withTrust(
    await readClientProperties({ file: commandConfig, entries: commandProperty ?? [] }),
  );
  const bootstrapServer = options.bootstrapServer ?? properties['bootstrap.servers'];
  return resolveBrokers({
    ...(bootstrapServer === undefined ? {} : { bootstrapServers: bootstrapServer }),
    properties,
    source: options.brokers,
    timeoutMs: options.timeout,
    signal: context.signal,
    log: (line) => {
      context.log(line);
    },
    ...how,
  });
}
