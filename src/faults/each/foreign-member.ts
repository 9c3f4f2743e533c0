import { brokerEnvironment } from '../../brokers/broker-environment.ts';
import { readKafkaInstall, type KafkaInstall } from '../../brokers/kafka-install.ts';
import { spawnTied } from '../../brokers/tied-process.ts';
import { startTimer } from '../../metrics/sleep.ts';
import type { FaultTarget } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

const assignors = {
  range: 'org.apache.kafka.clients.consumer.RangeAssignor',
  roundrobin: 'org.apache.kafka.clients.consumer.RoundRobinAssignor',
  'cooperative-sticky': 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
} as const;

/**
 * Somebody else's process joins the group: Kafka's own test consumer. What it reads and commits is not counted by us;
 * when its partitions come back, our tables go on where they stood.
 */
export const foreignMember: Fault = {
  kind: 'foreign-member',
  aim: (target) => ({
    text: "Kafka's VerifiableConsumer",
    begin: async () => {
      // Always of the default version, which the set-up installs: it works with older and newer
      // brokers.
      const install = readKafkaInstall();
      const place = { folder: install.folder, env: brokerEnvironment() };
      const consumer = await spawnTied(command(install, target), '/dev/null', place);
      return async () => {
        // In order, so that it leaves the group.
        consumer.signal('SIGTERM');
        const timer = startTimer(5_000, () => {
          consumer.signal('SIGKILL');
        });
        await consumer.ended;
        timer.clear();
      };
    },
  }),
};

/**
 * In the installation's folder: relative paths hold no colon, at which Java would split the class
 * path.
 */
function command(install: KafkaInstall, { connection, topic, group }: FaultTarget): readonly [string, ...string[]] {
  const { groupId, groupProtocol, assignmentStrategy, sessionTimeoutMs } = group;
  const classic = [
    '--assignment-strategy',
    assignors[assignmentStrategy],
    '--session-timeout',
    String(sessionTimeoutMs),
  ];
  return [
    install.java,
    ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xmx128m'],
    ...['-cp', install.jars.map((jar) => `jars/${jar}`).join(':'), 'org.apache.kafka.tools.VerifiableConsumer'],
    ...['--bootstrap-server', connection.bootstrapServers, '--topic', topic, '--group-id', groupId],
    ...['--group-protocol', groupProtocol, ...(groupProtocol === 'classic' ? classic : [])],
  ];
}
