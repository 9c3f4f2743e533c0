import type { GroupProtocol } from '../../config/group-protocols.ts';
import { ClusterError, type ErrorCode } from '../../errors.ts';
import type { NativeProperties } from './native-client.ts';

/** The member that was rejected. */
export interface RefusedMember {
  readonly groupId: string;
  /** The client's, under librdkafka's names. */
  readonly properties: NativeProperties;
}

interface Refusal {
  /**
   * memberFenced: a later member with the same group.instance.id may succeed. groupFull: a
   * replacement may succeed.
   */
  readonly code?: Extract<ErrorCode, 'memberFenced' | 'groupFull'>;
  readonly cause: (member: RefusedMember) => string;
  readonly hint: (member: RefusedMember) => string;
}

const other = 'pass another --group';
const classic = 'pass --group-protocol classic';
/** The id of a group that this program has made up: it was not given by --group. */
const generatedId = /^(.+-)[0-9a-f]{8}$/;
/** Kafka's default is 6 s, and operators raise it rather than lower the upper limit of 30 min. */
const surelyShortMs = 45_000;

interface ProtocolTexts {
  readonly unsupported: string;
  readonly supportHint: string;
  /** The broker's setting that limits the members of a group. */
  readonly sizeLimit: string;
  readonly assignor: (properties: NativeProperties) => string;
}

const protocolTexts: Readonly<Record<GroupProtocol, ProtocolTexts>> = {
  classic: {
    unsupported: 'the brokers are too old for this version of the classic group protocol',
    supportHint: 'connect to Apache Kafka 2.1 or newer (--bootstrap-server)',
    sizeLimit: 'group.max.size',
    assignor: (properties) => String(properties['partition.assignment.strategy']),
  },
  consumer: {
    unsupported: 'the brokers do not support the consumer group protocol (KIP-848)',
    supportHint: classic,
    sizeLimit: 'group.consumer.max.size',
    assignor: () => 'the consumer protocol',
  },
};

function textsOf({ properties }: RefusedMember): ProtocolTexts {
  // Every member gets this property from the table of group protocols.
  return protocolTexts[properties['group.protocol'] as GroupProtocol];
}

const unsupportedProtocol: Refusal = {
  cause: (member) => textsOf(member).unsupported,
  hint: (member) => textsOf(member).supportHint,
};

/**
 * Permanent refusals of a join, by Kafka's error code, each with its cause and the flag that helps.
 * librdkafka would retry forever under the classic protocol.
 */
const refusals = new Map<number, Refusal>([
  [
    23 /* INCONSISTENT_GROUP_PROTOCOL */,
    {
      cause: (member) =>
        `group '${member.groupId}' has members with a different protocol or assignor than ${textsOf(member).assignor(member.properties)}`,
      hint: () => 'pass another --group, or the --group-protocol and --assignment-strategy of its members',
    },
  ],
  [
    24 /* INVALID_GROUP_ID */,
    { cause: ({ groupId }) => `the broker rejected group id '${groupId}'`, hint: () => other },
  ],
  [26 /* INVALID_SESSION_TIMEOUT */, { cause: sessionCause, hint: sessionHint }],
  [
    30 /* GROUP_AUTHORIZATION_FAILED */,
    { cause: ({ groupId }) => `not authorized to read group '${groupId}'`, hint: authorizationHint },
  ],
  [35 /* UNSUPPORTED_VERSION */, unsupportedProtocol],
  [-165 /* _UNSUPPORTED_FEATURE */, unsupportedProtocol],
  [
    42 /* INVALID_REQUEST */,
    {
      cause: ({ groupId }) => `the broker rejected a member's request to join group '${groupId}'`,
      hint: () => classic,
    },
  ],
  [
    69 /* GROUP_ID_NOT_FOUND */,
    { cause: ({ groupId }) => `group '${groupId}' has a different group type, or was deleted`, hint: () => other },
  ],
  [
    81 /* GROUP_MAX_SIZE_REACHED */,
    {
      code: 'groupFull',
      cause: (member) =>
        `group '${member.groupId}' is full: the broker limits the number of its members (${textsOf(member).sizeLimit})`,
      hint: () => 'pass fewer --members (with run: --members-a, --members-b, --standby)',
    },
  ],
  [
    82 /* FENCED_INSTANCE_ID */,
    { code: 'memberFenced', cause: (member) => `another member took over ${slot(member)}`, hint: slotHint },
  ],
  [
    111 /* UNRELEASED_INSTANCE_ID */,
    { code: 'memberFenced', cause: (member) => `another member still uses ${slot(member)}`, hint: slotHint },
  ],
  [
    112 /* UNSUPPORTED_ASSIGNOR */,
    {
      cause: ({ properties }) => `the broker has no assignor '${String(properties['group.remote.assignor'])}'`,
      hint: () => 'set group.remote.assignor to uniform or range in --command-config or --command-property',
    },
  ],
]);

/** @returns undefined for a transient error, or one that does not come from the coordinator */
export function joinRefusal(code: number, member: RefusedMember): ClusterError | undefined {
  const refusal = refusals.get(code);
  if (refusal === undefined) return undefined;
  return new ClusterError(refusal.code ?? 'groupRefused', refusal.cause(member), { hint: refusal.hint(member) });
}

function sessionCause({ properties }: RefusedMember): string {
  const limit =
    sessionMs(properties) < surelyShortMs
      ? 'group.min.session.timeout.ms is higher'
      : 'its limits are group.min.session.timeout.ms and group.max.session.timeout.ms';
  return `the broker rejected session.timeout.ms ${sessionMs(properties)} (${limit})`;
}

function sessionHint({ properties }: RefusedMember): string {
  return `pass --session-timeout ${sessionMs(properties) < 10_000 ? '10s' : '45s'}, or ask the cluster administrator for the limits`;
}

function sessionMs(properties: NativeProperties): number {
  return Number(properties['session.timeout.ms']);
}

function authorizationHint({ groupId }: RefusedMember): string {
  const [, prefix] = generatedId.exec(groupId) ?? [];
  const right = 'grant this user READ on ';
  if (prefix === undefined) return `${right}group '${groupId}', or pass another --group`;
  const groups = `${right}groups whose names begin with '${prefix}'`;
  return prefix === 'counts-' ? `${groups}, or pass a --group that it may read` : groups;
}

function slotHint({ groupId, properties }: RefusedMember): string {
  const id = slotOf(properties);
  const isDefault = id.startsWith(groupId) && /^-\d+$/.test(id.slice(groupId.length));
  if (!isDefault) return 'pass another --group-instance-id to each process';
  return generatedId.test(groupId) ? 'omit --static-membership' : 'pass another --group, or omit --static-membership';
}

function slotOf(properties: NativeProperties): string {
  return String(properties['group.instance.id']);
}

function slot({ groupId, properties }: RefusedMember): string {
  return `group.instance.id '${slotOf(properties)}' of group '${groupId}'`;
}
