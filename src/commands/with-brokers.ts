import { resolveBrokers, type ResolvedBrokers } from '../brokers/resolve.ts';
import { readClientProperties } from '../config/client-properties.ts';
import type { CommandContext } from './context.ts';
import type { ConnectionOptions } from './shared-options.ts';

/** Runs `action` on the brokers that the options name, find or start, and puts away afterwards what was started. */
export async function withBrokers<T>(
  options: ConnectionOptions,
  context: CommandContext,
  action: (brokers: ResolvedBrokers) => Promise<T>,
): Promise<T> {
  const { commandConfig, commandProperty } = options;
  const properties = await readClientProperties({ file: commandConfig, entries: commandProperty ?? [] });
  const bootstrapServer = options.bootstrapServer ?? properties['bootstrap.servers'];
  const brokers = await resolveBrokers({
    ...(bootstrapServer === undefined ? {} : { bootstrapServers: bootstrapServer }),
    properties,
    source: options.brokers,
    timeoutMs: options.timeout,
    signal: context.signal,
    log: (line) => {
      context.log(line);
    },
  });
  try {
    return await action(brokers);
  } finally {
    await brokers.close();
  }
}
