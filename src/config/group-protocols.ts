import { namesOf } from './names-of.ts';

interface ProtocolSettings {
  readonly assignmentStrategy: AssignmentStrategy;
  readonly sessionTimeoutMs: number;
}

interface ProtocolKind {
  readonly help: string;
  /** True when the brokers assign the partitions and set the session timeout. */
  readonly brokersDecide: boolean;
  /** librdkafka's properties that select the protocol. */
  readonly properties: (group: ProtocolSettings) => Readonly<Record<string, string | number>>;
}

/** Assignors of the classic protocol. */
export const assignmentStrategies = {
  range: 'contiguous partitions',
  roundrobin: 'partitions in turn',
  'cooperative-sticky': 'members keep their partitions during a rebalance',
} as const;
export type AssignmentStrategy = keyof typeof assignmentStrategies;

/** Kafka's default, which belongs to its session timeout of 45 s. */
const heartbeatMsMax = 3_000;

/** Kafka's group protocols. */
export const groupProtocols = {
  classic: {
    help: 'a member assigns the partitions',
    brokersDecide: false,
    properties: ({ assignmentStrategy, sessionTimeoutMs }) => ({
      'group.protocol': 'classic',
      'partition.assignment.strategy': assignmentStrategy,
      'session.timeout.ms': sessionTimeoutMs,
      'heartbeat.interval.ms': Math.min(heartbeatMsMax, Math.max(100, Math.floor(sessionTimeoutMs / 10))),
    }),
  },
  consumer: {
    help: 'the broker assigns them, KIP-848',
    brokersDecide: true,
    properties: () => ({ 'group.protocol': 'consumer' }),
  },
} as const satisfies Readonly<Record<string, ProtocolKind>>;
export type GroupProtocol = keyof typeof groupProtocols;

/** All ways to assign partitions: the assignors of the classic protocol, the consumer protocol. */
export type ProtocolName = AssignmentStrategy | Exclude<GroupProtocol, 'classic'>;

/** The settings of a group that select each way to assign partitions. */
export const namedProtocols = {
  range: { groupProtocol: 'classic', assignmentStrategy: 'range' },
  roundrobin: { groupProtocol: 'classic', assignmentStrategy: 'roundrobin' },
  'cooperative-sticky': { groupProtocol: 'classic', assignmentStrategy: 'cooperative-sticky' },
  // The brokers ignore the assignor.
  consumer: { groupProtocol: 'consumer', assignmentStrategy: 'range' },
} as const satisfies Readonly<
  Record<ProtocolName, { readonly groupProtocol: GroupProtocol; readonly assignmentStrategy: AssignmentStrategy }>
>;
export const protocolNames = namesOf(namedProtocols);

/** True when the brokers assign the partitions and set the session timeout under this protocol. */
export function brokersDecide(protocol: ProtocolName): boolean {
  return groupProtocols[namedProtocols[protocol].groupProtocol].brokersDecide;
}
