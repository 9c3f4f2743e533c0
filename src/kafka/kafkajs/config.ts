import type { ConnectionOptions } from 'node:tls';
import type { KafkaConfig, Mechanism, SASLOptions } from 'kafkajs';
import { parseBootstrapServers } from '../../config/bootstrap-servers.ts';
import { protectProperties } from '../../config/client-properties.ts';
import type { Connection } from '../../config/connection.ts';
import { saslMechanism, signInProblem } from '../../config/sign-in.ts';
import { ClusterError } from '../../errors.ts';
import { timerMsMax } from '../../time/sleep.ts';
import { kafkajsExports } from './internals.ts';
import { seedServer } from './sockets.ts';
import { oauthSignIn } from './oauth-sign-in.ts';
import { tokenProvider } from './oauth-token.ts';
import { tlsOptions } from './tls-options.ts';

type Properties = Readonly<Record<string, string>>;

/**
 * Converts a connection from librdkafka's property names to the options of kafkajs: broker list,
 * TLS and SASL. The log of kafkajs is off: failures are reported by the errors of our callers.
 * @param requestTimeoutMs - longest wait for one response of one broker
 * @param connectionTimeoutMs - longest wait for one TCP and TLS handshake
 * @throws ClusterError usage when a property is not supported or a file it names can't be read
 */
export function kafkajsConfig(
  connection: Connection,
  options: {
    readonly clientId: string;
    readonly requestTimeoutMs: number;
    readonly connectionTimeoutMs: number;
  },
): KafkaConfig & { readonly brokers: string[] } {
  const { properties } = connection;
  const protocol = (properties['security.protocol'] ?? 'plaintext').toLowerCase();
  protectProperties(properties);
  const ssl: ConnectionOptions | undefined = protocol.endsWith('ssl') ? tlsOptions(properties) : undefined;
  const sasl = saslOptions(properties, options.requestTimeoutMs);
  return {
    brokers: parseBootstrapServers(connection.bootstrapServers, protocol).map(seedServer),
    clientId: options.clientId,
    // kafkajs hands them to setTimeout as they are.
    connectionTimeout: Math.min(options.connectionTimeoutMs, timerMsMax),
    authenticationTimeout: Math.min(options.requestTimeoutMs, timerMsMax),
    requestTimeout: Math.min(options.requestTimeoutMs, timerMsMax),
    // Callers retry until their own deadline; the retries of kafkajs have none.
    retry: { retries: 0 },
    logLevel: kafkajsExports().logLevel.NOTHING,
    logCreator: () => () => undefined,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  };
}

/** @returns undefined where the connection has no sign-in */
function saslOptions(properties: Properties, timeoutMs: number): SASLOptions | Mechanism | undefined {
  const [problem] = signInProblem(properties);
  if (problem !== undefined) {
    throw new ClusterError('usage', problem, { hint: 'put it into the --command-config file' });
  }
  const mechanism = saslMechanism(properties);
  if (mechanism === undefined) return undefined;
  if (mechanism === 'OAUTHBEARER') {
    return oauthSignIn(tokenProvider(properties, timeoutMs));
  }
  const { 'sasl.username': username = '', 'sasl.password': password = '' } = properties;
  const lowered = mechanism.toLowerCase() as 'plain' | 'scram-sha-256' | 'scram-sha-512';
  const signIn: SASLOptions = { mechanism: lowered, username, password };
  return signIn;
}
