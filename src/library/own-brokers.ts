import { parseKafkaVersion } from '../brokers/kafka-version.ts';
import { startManagedBrokers } from '../brokers/managed.ts';
import { ofManaged, type ResolvedBrokers } from '../brokers/resolve.ts';
import { useBrokers, type ConnectionOptions } from './used-brokers.ts';

/** Brokers of the caller, or separate ones for the duration of one call. */
export interface OwnBrokersOptions extends Partial<ConnectionOptions> {
  /**
   * Version of Apache Kafka of the separate brokers, as for `startBrokers()`. Default: the installed
   * version.
   */
  readonly kafkaVersion?: string;
}

/** @returns the brokers of the options, or new ones, which close() stops */
export async function openOwnBrokers(
  options: OwnBrokersOptions,
  how: { readonly signal: AbortSignal; readonly log: (line: string) => void; readonly toBreak?: boolean },
): Promise<ResolvedBrokers> {
  const { brokers, kafkaVersion } = options;
  if (brokers !== undefined) return useBrokers({ ...options, brokers });
  const { signal, log, toBreak = false } = how;
  const version = kafkaVersion === undefined ? {} : { kafkaVersion: parseKafkaVersion(kafkaVersion) };
  return ofManaged(await startManagedBrokers({ ...version, signal, log, proxyListeners: toBreak }), {});
}
