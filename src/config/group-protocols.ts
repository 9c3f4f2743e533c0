import { namesOf } from './names-of.ts';

interface ProtocolSettings {
  readonly assignmentStrategy: AssignmentStrategy;
  readonly sessionTimeoutMs: number;
}

interface ProtocolKind {
  readonly help: string;
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
    properties: ({ assignmentStrategy, sessionTimeoutMs }) => ({
      'group.protocol': 'classic',
      'partition.assignment.strategy': assignmentStrategy,
      'session.timeout.ms': sessionTimeoutMs,
      'heartbeat.interval.ms': Math.min(heartbeatMsMax, Math.max(100, Math.floor(sessionTimeoutMs / 10))),
    }),
  },
  consumer: {
    help: 'the broker assigns them, KIP-848',
    properties: () => ({ 'group.protocol': 'consumer' }),
  },
} as const satisfies Readonly<Record<string, ProtocolKind>>;
export type GroupProtocol = keyof typeof groupProtocols;

/** All ways to assign partitions: the assignors of the classic protocol, the consumer protocol. */
export const protocolNames = [...namesOf(assignmentStrategies), 'consumer'] as const satisfies readonly string[];
export type ProtocolName = (typeof protocolNames)[number];
