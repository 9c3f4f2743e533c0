import { machineLimits } from '../config/machine-limits.ts';
import { linkToKafka, logConfig, temporaryFolder } from './folder-names.ts';
import type { KafkaInstall } from './kafka-install.ts';
import type { NodeFiles } from './node-files.ts';
import type { NodeRole, NodeSpec } from './node-spec.ts';

/** The collector unless --broker-jvm-option names another: the JVM rejects two. */
const collector = '-XX:+UseSerialGC';

/**
 * Enables only the JVM's first compiler and its simplest collector. On two cores that the brokers
 * share with the members, a start then takes half the CPU (1.2 s per process instead of 2.1 s).
 * Producing 3 million records costs 2.2 s of CPU instead of 3.4 s, because the second compiler
 * competes with the work for minutes. Draining costs the same.
 */
const flags = ['-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Djava.awt.headless=true'];
/**
 * Keeps all files in the cluster's folder: otherwise a JVM writes to /tmp, and leaves unpacked
 * native libraries there when it is killed.
 */
const places = ['-XX:-UsePerfData', `-Djava.io.tmpdir=${temporaryFolder}`];

const heaps: Readonly<Record<NodeRole, (memoryMib: number) => number>> = {
  broker: (memoryMib) => within(128, memoryMib / 8, 512),
  controller: (memoryMib) => within(64, memoryMib / 32, 128),
};

/**
 * Heap of a process in MiB. On a machine or in a container with little memory, three JVMs leave
 * room for the members.
 * @param memoryMib - memory that all processes may use together
 */
export function heapMib(role: NodeRole, memoryMib: number): number {
  return heaps[role](memoryMib);
}

function within(min: number, value: number, max: number): number {
  return Math.round(Math.min(max, Math.max(min, value)));
}

/**
 * The program and the arguments that run one process of the managed brokers in the cluster's
 * folder. All paths are relative to it, so they contain no colon, comma, space or non-ASCII
 * character, whatever the folders are named: Java splits a class path and the names of class
 * archives at colons, log4j its configuration at commas.
 * @param jvmOptions - the user's options; they come last, because the JVM uses the last of two
 */
export function javaCommand(
  install: KafkaInstall,
  node: NodeSpec,
  files: NodeFiles,
  jvmOptions: readonly string[],
): readonly [string, ...string[]] {
  const { classArchive } = install;
  return [
    install.java,
    ...(jvmOptions.some((option) => /^-XX:\+Use\w+GC$/.test(option)) ? [] : [collector]),
    ...flags,
    ...places,
    ...(classArchive === undefined ? [] : [`-XX:SharedArchiveFile=${linkToKafka}/${classArchive}`]),
    `-Xmx${heapMib(node.role, machineLimits().memoryMib)}m`,
    `-Dlog4j2.configurationFile=${logConfig}`,
    `-Dconsumer-cluster.log=${files.logName}`,
    ...jvmOptions,
    '-cp',
    install.jars.map((jar) => `${linkToKafka}/jars/${jar}`).join(':'),
    'kafka.Kafka',
    files.configName,
  ];
}
