import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { logLevel, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { parseBootstrapServers } from '../config/bootstrap-servers.ts';
import type { Connection } from '../config/connection.ts';
import { WordcountError } from '../errors.ts';
import { timerMsMax } from '../metrics/sleep.ts';
import { seedServer } from './kafkajs-sockets.ts';

type Properties = Readonly<Record<string, string>>;

/**
 * The same connection as kafkajs wants it: broker list, TLS and SASL from librdkafka's property names. kafkajs's own
 * log is silent: what goes wrong is told in the errors of our callers.
 * @param requestTimeoutMs - longest wait for one answer of one broker
 * @param connectionTimeoutMs - longest wait for one TCP and TLS handshake
 * @throws WordcountError usage when a property can't be honoured or a file it names can't be read
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
  const ssl = protocol.endsWith('ssl') ? tlsOptions(properties) : undefined;
  const sasl = protocol.startsWith('sasl') ? saslOptions(properties) : undefined;
  return {
    brokers: parseBootstrapServers(connection.bootstrapServers, protocol).map(seedServer),
    clientId: options.clientId,
    // kafkajs hands them to setTimeout as they are.
    connectionTimeout: Math.min(options.connectionTimeoutMs, timerMsMax),
    authenticationTimeout: Math.min(options.requestTimeoutMs, timerMsMax),
    requestTimeout: Math.min(options.requestTimeoutMs, timerMsMax),
    // Callers retry against a deadline of their own; kafkajs's own retries have none.
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
    logCreator: () => () => undefined,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  };
}

function tlsOptions(properties: Properties): ConnectionOptions {
  const options: ConnectionOptions = {};
  const ca = pem(properties, 'ssl.ca');
  const cert = pem(properties, 'ssl.certificate');
  const key = pem(properties, 'ssl.key');
  const keystore = properties['ssl.keystore.location'];
  const passphrase = properties[keystore === undefined ? 'ssl.key.password' : 'ssl.keystore.password'];
  if (ca !== undefined) options.ca = ca;
  if (cert !== undefined) options.cert = cert;
  if (key !== undefined) options.key = key;
  if (keystore !== undefined) options.pfx = readFile('ssl.keystore.location', keystore);
  if (passphrase !== undefined) options.passphrase = passphrase;
  if (properties['enable.ssl.certificate.verification'] === 'false') options.rejectUnauthorized = false;
  if (properties['ssl.endpoint.identification.algorithm'] === 'none') {
    options.checkServerIdentity = () => undefined;
  }
  return options;
}

/** `NAME.pem` holds the text itself, `NAME.location` the file's path. */
function pem(properties: Properties, name: string): string | Buffer | undefined {
  const text = properties[`${name}.pem`];
  if (text !== undefined) return text;
  const path = properties[`${name}.location`];
  return path === undefined ? undefined : readFile(`${name}.location`, path);
}

function readFile(property: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown cause';
    throw new WordcountError('usage', `can't read ${path} (${property}): ${code}`, { cause: error });
  }
}

function saslOptions(properties: Properties): SASLOptions {
  const mechanism = (properties['sasl.mechanism'] ?? properties['sasl.mechanisms'] ?? 'GSSAPI').toUpperCase();
  const username = properties['sasl.username'];
  const password = properties['sasl.password'];
  if (mechanism !== 'PLAIN' && mechanism !== 'SCRAM-SHA-256' && mechanism !== 'SCRAM-SHA-512') {
    throw new WordcountError('usage', `sasl.mechanism ${mechanism} is not supported`, {
      hint: 'PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 are',
    });
  }
  if (username === undefined || password === undefined) {
    throw new WordcountError('usage', `sasl.mechanism ${mechanism} needs sasl.username and sasl.password`, {
      hint: 'put them into the file of --command-config',
    });
  }
  const lowered = mechanism.toLowerCase() as 'plain' | 'scram-sha-256' | 'scram-sha-512';
  return { mechanism: lowered, username, password };
}
