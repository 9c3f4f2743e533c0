import type { KafkaInstall } from '../../src/brokers/kafka-install.ts';
import type { RunFiles } from './program-peer.ts';

/** Instead of G1 and 512 MiB, the defaults of the tools' scripts. */
export const toolJvmFlags = ['-Xmx1g', '-XX:+UseParallelGC'] as const;

/** @returns the beginning of the command line of a class of Kafka's `org.apache.kafka.tools` */
export function kafkaTool(install: KafkaInstall, tool: string, { state }: RunFiles): [string, ...string[]] {
  return [
    install.java,
    ...toolJvmFlags,
    `-Dlog4j2.configurationFile=${install.logConfig}`,
    `-Dconsumer-cluster.log=${state}`,
    '-cp',
    install.classPath.join(':'),
    `org.apache.kafka.tools.${tool}`,
  ];
}
