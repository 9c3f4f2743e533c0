import { traitsOf } from './kafka-version.ts';
import type { NodeRole, NodeSpec } from './node-spec.ts';

const mebibyte = 1_048_576;

/** Records of 4 MiB fit with room to spare, even when a batch holds several. */
const batchBytesMax = 8 * mebibyte;

/**
 * Settings for a laboratory on one small machine, each with the reason why Kafka's default is
 * unsuitable.
 */
const laboratory = {
  // Session timeouts may be short: Kafka's defaults (at least 6 s for classic groups, 45 s for the
  // consumer protocol) make takeovers too slow to watch.
  'group.min.session.timeout.ms': 1_000,
  'group.initial.rebalance.delay.ms': 100,
  'group.consumer.min.session.timeout.ms': 1_000,
  'group.consumer.session.timeout.ms': 3_000,
  'group.consumer.min.heartbeat.interval.ms': 100,
  'group.consumer.heartbeat.interval.ms': 500,
  // A coordinator answers heartbeats of classic groups only after the preceding commits are
  // replicated. When the other broker was killed, that takes until it is fenced. With the default
  // of 9 s, members with a 3 s session would leave the group in the meantime.
  'broker.session.timeout.ms': 1_500,
  'broker.heartbeat.interval.ms': 300,
  'replica.fetch.backoff.ms': 200,
  'min.insync.replicas': 1,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 4,
  // A mistyped topic is an error, not a new topic.
  'auto.create.topics.enable': false,
  'message.max.bytes': batchBytesMax,
  'replica.fetch.max.bytes': batchBytesMax,
  // Records stay during a measurement, and the space of deleted records is freed soon.
  'log.retention.ms': -1,
  'log.segment.delete.delay.ms': 1_000,
  // `run` deletes records that both groups have counted; the default of 5 minutes would keep their
  // files until then.
  'log.retention.check.interval.ms': 5_000,
  // Threads and buffers for two cores; the log cleaner's default of 128 MiB is touched at once.
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
  'num.recovery.threads.per.data.dir': 2,
  'log.cleaner.dedupe.buffer.size': 8 * mebibyte,
} as const;

/**
 * With two brokers or more, any one may be killed, and the records acknowledged before must survive
 * on another.
 */
const replicasMax = 2;
const replicated = [
  'default.replication.factor',
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
] as const;

/** Settings of the topic of share groups, which older brokers do not know. */
const shareCoordinator = {
  'share.coordinator.state.topic.min.isr': 1,
  'share.coordinator.state.topic.num.partitions': 4,
} as const;
const shareReplicated = 'share.coordinator.state.topic.replication.factor';

/**
 * The server.properties of one process, which listens only on the loopback address. Pure.
 * @param options.dataName - the log folder, relative to the process's working folder
 * @param options.brokers - number of brokers
 * @param options.version - version of Apache Kafka
 * @param options.properties - the user's properties, which override the laboratory's; none of them
 *   decides the identity of the process
 */
export function brokerProperties(
  node: NodeSpec,
  controller: NodeSpec,
  options: {
    readonly brokers: number;
    readonly dataName: string;
    readonly version: string;
    readonly properties: Readonly<Record<string, string>>;
  },
): Readonly<Record<string, string>> {
  const hasShare = traitsOf(options.version).shareCoordinator;
  const factors = [...replicated, ...(hasShare ? [shareReplicated] : [])].map((name) => {
    return [name, Math.min(replicasMax, options.brokers)] as const;
  });
  const all = {
    ...laboratory,
    ...Object.fromEntries(factors),
    ...(hasShare ? shareCoordinator : {}),
    ...options.properties,
    ...identityOf(node, controller, options.dataName),
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}

const listeners: Readonly<Record<NodeRole, string>> = { broker: 'PLAINTEXT', controller: 'CONTROLLER' };

function identityOf(node: NodeSpec, controller: NodeSpec, dataName: string): Readonly<Record<string, string | number>> {
  const own = `${listeners[node.role]}://127.0.0.1:${node.port}`;
  const { proxyListener } = node;
  return {
    'process.roles': node.role,
    'node.id': node.nodeId,
    'controller.quorum.voters': `${controller.nodeId}@127.0.0.1:${controller.port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,DETOUR:PLAINTEXT',
    listeners: proxyListener === undefined ? own : `${own},DETOUR://127.0.0.1:${proxyListener.port}`,
    ...(proxyListener === undefined
      ? {}
      : { 'advertised.listeners': `${own},DETOUR://127.0.0.1:${proxyListener.advertisedPort}` }),
    'log.dirs': dataName,
  };
}
