import { parseBrokerSettings } from '../brokers/broker-settings.ts';
import { requireConsumerProtocol } from '../brokers/kafka-version.ts';
import { resolveBrokers, type ResolvedBrokers } from '../brokers/resolve.ts';
import { whileServing } from '../brokers/while-serving.ts';
import { readClientProperties } from '../config/client-properties.ts';
import { withTrust } from '../config/tls-trust.ts';
import type { CommandContext } from './context.ts';
import type { ConnectionOptions, GroupProtocol } from './shared-options.ts';

/** The group protocol where the command has one: not every Kafka can run both. */
type Options = ConnectionOptions & { readonly groupProtocol?: GroupProtocol };

/**
 * Runs `action` on the brokers that the options name, find or start, and stops afterwards what was
 * started.
 * @throws WordcountError environment as soon as managed brokers cannot continue, whatever `action`
 *   is waiting for
 */
export async function withBrokers<T>(
  options: Options,
  context: CommandContext,
  action: (brokers: ResolvedBrokers) => Promise<T>,
): Promise<T> {
  const brokers = await openBrokers(options, context);
  try {
    return await whileServing(brokers, () => action(brokers));
  } finally {
    await brokers.close();
  }
}

/** @param how.toBreak - brokers that will be broken, see ResolveOptions */
export async function openBrokers(
  options: Options,
  context: Pick<CommandContext, 'signal' | 'log'>,
  how: { readonly toBreak?: boolean } = {},
): Promise<ResolvedBrokers> {
  const { commandConfig, commandProperty, kafkaVersion, groupProtocol } = options;
  const settings = parseBrokerSettings(options);
  if (groupProtocol === 'consumer' && kafkaVersion !== undefined) {
    requireConsumerProtocol(kafkaVersion);
  }
  const properties = await withTrust(
    await readClientProperties({ file: commandConfig, entries: commandProperty ?? [] }),
  );
  const bootstrapServer = options.bootstrapServer ?? properties['bootstrap.servers'];
  const brokers = await resolveBrokers({
    ...(bootstrapServer === undefined ? {} : { bootstrapServers: bootstrapServer }),
    properties,
    source: options.brokers,
    ...(kafkaVersion === undefined ? {} : { kafkaVersion }),
    settings,
    timeoutMs: options.timeout,
    signal: context.signal,
    log: (line) => {
      context.log(line);
    },
    ...how,
  });
  if (groupProtocol === 'consumer' && brokers.kafka !== undefined) requireConsumerProtocol(brokers.kafka.version);
  return brokers;
}
