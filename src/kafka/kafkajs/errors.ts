import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { durationWords } from '../../time/duration-words.ts';
import { reachWords, tlsWords } from './socket-words.ts';
import { isCut, type Sighting, type Sightings } from './sockets.ts';

/**
 * The data of kafkajs's errors. Their texts are not passed on, because they may quote secrets.
 */
interface KafkajsError extends Error {
  readonly type?: string;
  readonly errors?: readonly KafkajsError[];
  readonly groups?: readonly { readonly error?: KafkajsError }[];
  readonly partitions?: readonly { readonly error?: KafkajsError }[];
}

/** The error at the root of kafkajs's wrappers (retries exceeded, aggregate, delete groups). */
export function rootError(error: unknown): KafkajsError {
  let root = (error instanceof Error ? error : new Error(String(error))) as KafkajsError;
  for (let depth = 0; depth < 10; depth += 1) {
    const inner =
      root.errors?.[0] ?? root.groups?.[0]?.error ?? root.partitions?.find((entry) => entry.error !== undefined)?.error;
    const next = inner ?? (root.cause instanceof Error ? root.cause : undefined);
    if (next === undefined) break;
    root = next;
  }
  return root;
}

/** Answers of the protocol that another attempt will not change. */
const finalTypes = new Map<string, (subject: string, right: AclRight) => ClusterError>([
  ['UNKNOWN_TOPIC_OR_PARTITION', (topic) => new ClusterError('topicUnavailable', `topic '${topic}' does not exist`)],
  ['TOPIC_ALREADY_EXISTS', (topic) => new ClusterError('topicUnavailable', `topic '${topic}' already exists`)],
  [
    'INVALID_TOPIC_EXCEPTION',
    (topic) =>
      new ClusterError('usage', `'${topic}' is not a valid topic name (--topic)`, {
        hint: 'use at most 249 letters, digits, dots, underscores and dashes',
      }),
  ],
  [
    'INVALID_REPLICATION_FACTOR',
    (topic) =>
      new ClusterError('usage', `topic '${topic}' has an invalid number of replicas (--replication-factor)`, {
        hint: 'pass at most the number of brokers',
      }),
  ],
  [
    'INVALID_PARTITIONS',
    (topic) => new ClusterError('usage', `topic '${topic}' has an invalid number of partitions (--partitions)`),
  ],
  ['INVALID_CONFIG', (topic) => new ClusterError('usage', `the broker rejected a setting of topic '${topic}'`)],
  ['POLICY_VIOLATION', (topic) => new ClusterError('usage', `a policy of the broker rejected topic '${topic}'`)],
  ['TOPIC_AUTHORIZATION_FAILED', (topic, right) => notAuthorized(right, `topic '${topic}'`)],
  ['GROUP_AUTHORIZATION_FAILED', (group, right) => notAuthorized(right, `group '${group}'`)],
  ['CLUSTER_AUTHORIZATION_FAILED', (_, right) => notAuthorized(right, 'the cluster')],
  ['NON_EMPTY_GROUP', (group) => new ClusterError('input', `group '${group}' still has members`)],
  ['OFFSET_OUT_OF_RANGE', (topic) => new ClusterError('input', `topic '${topic}' does not have that offset`)],
]);

/** Rights by Kafka's names for them, and what they let a user do. */
const rightVerbs = {
  Describe: 'describe',
  Create: 'create',
  Delete: 'delete',
  Read: 'read',
  Alter: 'alter',
  DescribeConfigs: 'read the settings of',
} as const;
export type AclRight = keyof typeof rightVerbs;

/** @param resource - with its kind, for people */
export function notAuthorized(right: AclRight, resource: string): ClusterError {
  return new ClusterError('accessDenied', `not authorized to ${rightVerbs[right]} ${resource}`, {
    hint: `grant this user ${right} on ${resource} (kafka-acls --operation ${right}); docs/security.md lists the rights`,
  });
}

/**
 * The error to end with at once, or undefined when another attempt may do better.
 * @param subject - the topic or the group that the call was about
 * @param right - what the call needs on it
 */
export function finalError(
  error: unknown,
  subject: string,
  sightings: Sightings,
  right: AclRight = 'Describe',
): ClusterError | undefined {
  if (error instanceof ClusterError) return error;
  const root = rootError(error);
  if (root instanceof ClusterError) return root;
  const protocolError = finalTypes.get(root.type ?? '')?.(subject, right);
  if (protocolError !== undefined) return protocolError;
  if (root.name === 'KafkaJSSASLAuthenticationError' || root.type === 'SASL_AUTHENTICATION_FAILED') {
    return new ClusterError('brokerUnavailable', 'SASL authentication failed', {
      hint: 'check sasl.mechanism, sasl.username and sasl.password in --command-config or --command-property',
    });
  }
  if (root.type === 'UNSUPPORTED_SASL_MECHANISM') {
    return new ClusterError('brokerUnavailable', 'the brokers do not support this sasl.mechanism', {
      hint: 'set sasl.mechanism to one that the listener supports: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512',
    });
  }
  if (root.type === 'ILLEGAL_SASL_STATE') {
    return new ClusterError('brokerUnavailable', 'this listener does not support SASL', {
      hint: 'check security.protocol and the port of --bootstrap-server',
    });
  }
  for (const [address, sighting] of sightings) {
    // A broker that is just starting or dying cuts connections too: those get another attempt.
    const security = isCut(sighting) ? undefined : securityError(address, sighting);
    if (security !== undefined) return security;
  }
  return undefined;
}

/**
 * The error to end with when the time is up.
 * @param options.worked - these settings have worked in this process: a broker that cuts connections
 *   is going down or starting, so nothing is guessed about its security settings
 */
export function timeUpError(
  sightings: Sightings,
  options: Pick<Connection, 'bootstrapServers' | 'source'> & { readonly timeoutMs: number; readonly worked: boolean },
): ClusterError {
  for (const [address, sighting] of sightings) {
    const security = options.worked && isCut(sighting) ? undefined : securityError(address, sighting);
    if (security !== undefined) return security;
  }
  const limit = durationWords(options.timeoutMs);
  const advertised = advertisedError(sightings, options.bootstrapServers, limit);
  if (advertised !== undefined) return advertised;
  const reasons = [...sightings].flatMap(([address, sighting]) => {
    const reason = unreachableReason(sighting);
    return reason === undefined ? [] : [`${address}: ${reason}`];
  });
  const message = `no broker responded at ${options.bootstrapServers} within ${limit}`;
  // The user has not named the address of the program's own brokers.
  if (options.source !== 'external') {
    return new ClusterError('brokerUnavailable', message, reasons.length === 0 ? {} : { hint: reasons.join('; ') });
  }
  const reason = reasons.length === 0 ? noResponse : reasons.join('; ');
  return new ClusterError('brokerUnavailable', `${message} (--bootstrap-server)`, {
    hint: `${reason}; check that the cluster is running, or start one with \`consumer-cluster brokers\``,
  });
}

/**
 * Error when a bootstrap server responds, but the address that it advertises does not.
 */
function advertisedError(sightings: Sightings, bootstrapServers: string, limit: string): ClusterError | undefined {
  const named = new Set(bootstrapServers.split(','));
  const answered = [...sightings].find(([address, { kind }]) => named.has(address) && kind === 'answered');
  const silent = [...sightings].find(
    ([address, { kind }]) => !named.has(address) && (kind === 'unreachable' || kind === 'connecting'),
  );
  if (answered === undefined || silent === undefined) return undefined;
  const [address, sighting] = silent;
  const reason = unreachableReason(sighting) ?? noResponse;
  const message = `the broker at ${answered[0]} advertises ${address}, where no broker responded within ${limit}: ${reason}`;
  return new ClusterError('brokerUnavailable', message, {
    hint: 'set advertised.listeners of the broker to an address that is reachable from this machine',
  });
}

function securityError(address: string, sighting: Sighting): ClusterError | undefined {
  switch (sighting.kind) {
    case 'tlsFailed':
      return new ClusterError('brokerUnavailable', `TLS handshake with ${address} failed: ${tlsWords(sighting.code)}`, {
        hint: 'check security.protocol and ssl.ca.location in --command-config or --command-property',
      });
    case 'wantsTls':
      return new ClusterError('brokerUnavailable', `${address} accepts TLS only`, {
        hint: 'set security.protocol to ssl or sasl_ssl in --command-config or --command-property',
      });
    case 'http':
      return new ClusterError('brokerUnavailable', `${address} is a web server, not a Kafka broker`, {
        hint: 'check the port of --bootstrap-server',
      });
    case 'closed':
      return new ClusterError('brokerUnavailable', `${address} closes the connection without a response`, {
        hint: 'set security.protocol to that of the listener: plaintext, ssl, sasl_plaintext or sasl_ssl',
      });
    case 'hungUp':
      return new ClusterError(
        'brokerUnavailable',
        `${address} closes the connection; it probably requires SASL authentication`,
        {
          hint: 'set security.protocol to sasl_plaintext or sasl_ssl, sasl.mechanism, sasl.username and sasl.password',
        },
      );
    case 'connecting':
    case 'unreachable':
    case 'answered':
      return undefined;
  }
}

const noResponse = 'no response in time';

/** @returns undefined when the address accepted the connection, or has not answered yet */
function unreachableReason(sighting: Sighting): string | undefined {
  switch (sighting.kind) {
    case 'unreachable':
      return reachWords(sighting.code);
    case 'tlsFailed':
    case 'closed':
    case 'hungUp':
      return 'connection closed';
    case 'connecting':
    case 'http':
    case 'wantsTls':
    case 'answered':
      return undefined;
  }
}
