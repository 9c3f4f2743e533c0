import { brokerEnvironment } from '../../../brokers/broker-environment.ts';
import { readKafkaInstall, type KafkaInstall } from '../../../brokers/kafka-install.ts';
import { spawnTied } from '../../../brokers/tied-process.ts';
import { startTimer } from '../../../time/sleep.ts';
import type { FaultWorld } from '../fault-world.ts';
import { defineFault } from '../fault.ts';

const assignors = {
  range: 'org.apache.kafka.clients.consumer.RangeAssignor',
  roundrobin: 'org.apache.kafka.clients.consumer.RoundRobinAssignor',
  'cooperative-sticky': 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
} as const;

/**
 * Another program joins the group: Kafka's own test consumer. Our members do not count what it
 * reads and commits; when its partitions return, our tables continue at their own offsets.
 */
export const foreignMember = defineFault({
  kind: 'foreign-member',
  does: "adds Kafka's own VerifiableConsumer to the group for a while",
  scope: 'process',
  lane: 'membership',
  durationMs: [3_000, 5_000],
  needs: 'managed',
  aim: (world) => ({
    text: "Kafka's VerifiableConsumer",
    begin: async () => {
      // The default version, which the set-up installs, works with older and newer brokers.
      const install = readKafkaInstall();
      const place = { folder: install.folder, env: brokerEnvironment() };
      const consumer = await spawnTied(command(install, world), '/dev/null', place);
      return async () => {
        // SIGTERM lets it leave the group.
        consumer.signal('SIGTERM');
        const timer = startTimer(5_000, () => {
          consumer.signal('SIGKILL');
        });
        await consumer.ended;
        timer.clear();
      };
    },
  }),
});

/**
 * The command runs in the installation's folder: Java splits a class path at colons, which relative
 * paths do not have.
 */
function command(install: KafkaInstall, { connection, topic, group }: FaultWorld): readonly [string, ...string[]] {
  const { groupId, groupProtocol, assignmentStrategy, sessionTimeoutMs } = group;
  const flagsOf: Readonly<Record<typeof groupProtocol, readonly string[]>> = {
    classic: ['--assignment-strategy', assignors[assignmentStrategy], '--session-timeout', String(sessionTimeoutMs)],
    consumer: [],
  };
  return [
    install.java,
    ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xmx128m'],
    ...['-cp', install.jars.map((jar) => `jars/${jar}`).join(':'), 'org.apache.kafka.tools.VerifiableConsumer'],
    ...['--bootstrap-server', connection.bootstrapServers, '--topic', topic, '--group-id', groupId],
    ...['--group-protocol', groupProtocol, ...flagsOf[groupProtocol]],
  ];
}
