import { parseBrokerSettings } from '../brokers/broker-settings.ts';
import { requireProtocol } from '../brokers/kafka-version.ts';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { readClientProperties } from '../config/client-properties.ts';
import type { GroupProtocol } from '../config/group-protocols.ts';
import { withTrust } from '../config/tls-trust.ts';
import type { CommandContext } from './context.ts';
import type { ConnectionFlags } from './options/connection-options.ts';

/**
 * Flags of commands with and without a group protocol, of which Kafka 3.9 supports only the classic
 * one, and with and without a new topic.
 */
type Flags = ConnectionFlags & {
  readonly groupProtocol?: GroupProtocol;
  readonly replicationFactor?: number | undefined;
};

/**
 * Runs `action` on the brokers that the flags select, and then stops those that it started.
 * @throws ClusterError environment as soon as managed brokers cannot continue, whatever `action`
 *   is waiting for
 */
export async function withBrokers<T>(
  flags: Flags,
  context: CommandContext,
  action: (brokers: ResolvedBrokers) => Promise<T>,
): Promise<T> {
  const brokers = await openBrokers(flags, context);
  try {
    const { whileServing } = await import('../brokers/while-serving.ts');
    return await whileServing(brokers, () => action(brokers));
  } finally {
    await brokers.close();
  }
}

/** @param how.toBreak - for fault injection, see ResolveOptions */
export async function openBrokers(
  flags: Flags,
  context: Pick<CommandContext, 'signal' | 'log'>,
  how: { readonly toBreak?: boolean } = {},
): Promise<ResolvedBrokers> {
  const { commandConfig, commandProperty, kafkaVersion, groupProtocol, replicationFactor } = flags;
  const settings = parseBrokerSettings(flags);
  if (groupProtocol !== undefined && kafkaVersion !== undefined) requireProtocol(groupProtocol, kafkaVersion);
  const properties = await withTrust(
    await readClientProperties({ file: commandConfig, entries: commandProperty ?? [] }),
  );
  const bootstrapServer = flags.bootstrapServer ?? properties['bootstrap.servers'];
  // The Kafka clients take most of the time of a start, and --help does not need them.
  const { resolveBrokers } = await import('../brokers/resolve.ts');
  const brokers = await resolveBrokers({
    ...(bootstrapServer === undefined ? {} : { bootstrapServers: bootstrapServer }),
    properties,
    source: flags.brokers,
    ...(kafkaVersion === undefined ? {} : { kafkaVersion }),
    settings,
    ...(replicationFactor === undefined ? {} : { replicationFactor }),
    timeoutMs: flags.timeout,
    signal: context.signal,
    log: (line) => {
      context.log(line);
    },
    ...how,
  });
  if (groupProtocol !== undefined && brokers.kafka !== undefined) requireProtocol(groupProtocol, brokers.kafka.version);
  return brokers;
}
