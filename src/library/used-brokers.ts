import { ofManaged, requirePlaintext, resolveBrokers, type ResolvedBrokers } from '../brokers/resolve.ts';
import { readClientProperties } from '../config/client-properties.ts';
import { withTrust } from '../config/tls-trust.ts';
import { managedOf, type Brokers } from './start-brokers.ts';

/** How a function reaches the brokers. */
export interface ConnectionOptions {
  /** Brokers of `startBrokers()`, or `HOST:PORT,…` of any Kafka cluster. */
  readonly brokers: Brokers | string;
  /**
   * Client properties, security included, in librdkafka's names; Kafka's Java names are accepted
   * when they mean the same. Secret values appear in no error and no event.
   */
  readonly clientProperties?: Readonly<Record<string, string>>;
  /** Longest time until the brokers respond, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
}

export const timeoutMsByDefault = 30_000;

/** @returns the brokers; close() leaves them as they are */
export async function useBrokers(
  options: ConnectionOptions & { readonly signal?: AbortSignal },
): Promise<ResolvedBrokers> {
  const { brokers, clientProperties = {}, timeoutMs = timeoutMsByDefault, signal } = options;
  const entries = Object.entries(clientProperties).map(([name, value]) => `${name}=${value}`);
  const properties = await withTrust(
    await readClientProperties({ file: undefined, entries, origin: 'clientProperties' }),
  );
  if (typeof brokers === 'string') {
    return resolveBrokers({
      ...{ bootstrapServers: brokers, properties, timeoutMs, source: 'managed' },
      ...(signal === undefined ? {} : { signal }),
      log: () => undefined,
    });
  }
  requirePlaintext(properties);
  // Without `managed`, each call deletes the topics and groups that it has made.
  const { connection, kafka, failed, pids, label } = ofManaged(managedOf(brokers), properties);
  const facts = { connection, pids, label, close: () => Promise.resolve() };
  return { ...facts, ...(kafka === undefined ? {} : { kafka }), ...(failed === undefined ? {} : { failed }) };
}
