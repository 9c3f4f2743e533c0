import type { KafkaInstall } from './kafka-install.ts';
import type { NodeFiles } from './node-files.ts';
import type { NodeSpec } from './node-spec.ts';

/**
 * Only the JVM's first compiler, and its simplest collector: on two cores shared with the members, a start takes half
 * the CPU (1.2 s a process instead of 2.1 s), producing 3 million records costs 2.2 s of CPU instead of 3.4 s
 * (the second compiler competes with the work for minutes), and draining costs the same.
 */
const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Djava.awt.headless=true'];
const heapMib = { broker: 512, controller: 128 } as const;

/** @returns the program and its arguments that run one process of the managed brokers */
export function javaCommand(install: KafkaInstall, node: NodeSpec, files: NodeFiles): readonly [string, ...string[]] {
  const archive = install.classArchive === undefined ? [] : [`-XX:SharedArchiveFile=${install.classArchive}`];
  return [
    install.java,
    ...flags,
    ...archive,
    `-Xmx${heapMib[node.role]}m`,
    `-Dlog4j2.configurationFile=${install.logConfig}`,
    `-Dconsumer-cluster.log=${files.log}`,
    '-cp',
    install.classPath.join(':'),
    'kafka.Kafka',
    files.config,
  ];
}
