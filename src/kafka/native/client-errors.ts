import type { Connection } from '../../config/connection.ts';
import { ClusterError, type ErrorCode } from '../../errors.ts';

/** librdkafka's codes (rdkafka.h): negative codes are the client's, positive ones the broker's. */
export const clientCode = {
  assignPartitions: -175,
  revokePartitions: -174,
  /** The client's state does not allow the call now. */
  state: -172,
  fatal: -150,
  /** Another producer with the same transactional id, or the coordinator, has ended this one. */
  fenced: -144,
  /** Dropped from the queue: the transaction has failed. */
  purged: -152,
  unknownPartition: -190,
  allBrokersDown: -187,
  timedOut: -185,
  autoOffsetReset: -140,
  topicDenied: 29,
} as const;

interface Meaning {
  readonly code: ErrorCode;
  readonly hint?: string;
}

const unreachable: Meaning = {
  code: 'brokerUnavailable',
  hint: 'check that the cluster is running and that --bootstrap-server is correct',
};
const refused: Meaning = {
  code: 'brokerUnavailable',
  hint: 'check security.protocol, sasl.* and ssl.* in --command-config or --command-property',
};
const forbidden = (rights: string): Meaning => ({
  code: 'accessDenied',
  hint: `grant this user ${rights} (kafka-acls); docs/security.md lists the rights`,
});
const noTopic: Meaning = { code: 'topicUnavailable', hint: 'check --topic, and whether the topic was deleted' };
const outOfRange: Meaning = {
  code: 'input',
  hint: "records were deleted before they were read; check the topic's retention",
};

const meanings = new Map<number, Meaning>([
  [-195 /* _TRANSPORT */, unreachable],
  [-193 /* _RESOLVE */, unreachable],
  [-187 /* _ALL_BROKERS_DOWN */, unreachable],
  [-185 /* _TIMED_OUT */, unreachable],
  [-181 /* _SSL */, refused],
  [-169 /* _AUTHENTICATION */, refused],
  [33 /* UNSUPPORTED_SASL_MECHANISM */, refused],
  [34 /* ILLEGAL_SASL_STATE */, refused],
  [58 /* SASL_AUTHENTICATION_FAILED */, refused],
  [clientCode.topicDenied, forbidden('Read on the topic to count it, Write to produce to it')],
  [30 /* GROUP_AUTHORIZATION_FAILED */, forbidden('Read on the group')],
  [31 /* CLUSTER_AUTHORIZATION_FAILED */, forbidden('IdempotentWrite on the cluster')],
  [
    53 /* TRANSACTIONAL_ID_AUTHORIZATION_FAILED */,
    forbidden('Write on transactional ids with the prefix consumer-cluster:GROUP:'),
  ],
  [-190 /* _UNKNOWN_PARTITION */, noTopic],
  [-188 /* _UNKNOWN_TOPIC */, noTopic],
  [3 /* UNKNOWN_TOPIC_OR_PART */, noTopic],
  [17 /* TOPIC_EXCEPTION */, noTopic],
  [1 /* OFFSET_OUT_OF_RANGE */, outOfRange],
  [-140 /* _AUTO_OFFSET_RESET */, outOfRange],
  [-186 /* _INVALID_ARG */, { code: 'usage' }],
  [
    10 /* MSG_SIZE_TOO_LARGE */,
    {
      code: 'input',
      hint: 'raise message.max.bytes of the client and the brokers, and max.message.bytes of the topic',
    },
  ],
  [-192 /* _MSG_TIMED_OUT */, unreachable],
  [
    -147 /* _MAX_POLL_EXCEEDED */,
    {
      code: 'timeout',
      hint: 'a batch took longer than max.poll.interval.ms, so the group removed the member; raise max.poll.interval.ms',
    },
  ],
]);

/**
 * Converts an error of the client to ours. After a `fatal` error the client cannot be used any
 * more.
 */
export function clientError(
  native: { readonly code: number; readonly message: string },
  context: { readonly connection: Connection; readonly what: string },
): ClusterError {
  const { code, hint } = meanings.get(native.code) ?? { code: 'memberFailed' };
  // The client counts connections, not brokers: `2/2 brokers are down` on a cluster of one.
  const message = native.code === clientCode.allBrokersDown ? 'no broker can be reached' : native.message;
  return new ClusterError(code, `${context.what}: ${message} (${native.code})`, hint === undefined ? {} : { hint });
}

/** Error when the client accepts its configuration but can't start, e.g. cannot read a file. */
export function startError(
  native: { readonly code: number; readonly message: string },
  connection: Connection,
): ClusterError {
  const { message } = clientError(native, { connection, what: 'the client cannot start' });
  return new ClusterError('usage', message, { hint: 'check --command-config and --command-property' });
}

/**
 * Error when the client rejects its configuration. librdkafka's text is not used, because it quotes
 * the value, which may be a secret.
 */
export function configurationError(error: unknown): ClusterError {
  const text = error instanceof Error ? error.message : String(error);
  const property = /property:? "([^"]+)"/.exec(text)?.[1];
  const unknown = text.startsWith('No such configuration property');
  const what = property === undefined ? 'a client property' : `client property ${property}`;
  return new ClusterError('usage', unknown ? `${what} does not exist` : `${what} has an invalid value`, {
    hint: 'check --command-config and --command-property',
  });
}
