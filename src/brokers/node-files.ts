import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokerProperties, renderProperties } from './broker-properties.ts';
import type { KafkaInstall } from './kafka-install.ts';
import type { NodeSpec } from './node-spec.ts';

/** Where one process of the managed brokers keeps what it has. */
export interface NodeFiles {
  readonly config: string;
  readonly data: string;
  readonly log: string;
}

/** @param folder - of the whole cluster */
export function nodeFiles(folder: string, node: NodeSpec): NodeFiles {
  const name = `${node.role}-${node.nodeId}`;
  return {
    config: join(folder, `${name}.properties`),
    data: join(folder, name),
    log: join(folder, 'logs', `${name}.log`),
  };
}

/**
 * Writes the process's configuration, and formats its data folder unless it already is: what Kafka's format tool would
 * write, without a JVM of a second a process.
 * @param clusterId - for a new data folder; one that was used before keeps its own
 */
export async function prepareNode(
  install: KafkaInstall,
  options: {
    readonly node: NodeSpec;
    readonly controller: NodeSpec;
    readonly files: NodeFiles;
    readonly clusterId: string;
  },
): Promise<void> {
  const { node, controller, files } = options;
  await mkdir(files.data, { recursive: true });
  await mkdir(join(files.log, '..'), { recursive: true });
  await writeFile(files.config, renderProperties(brokerProperties(node, controller, files)));
  if ((await clusterIdOf(files)) !== undefined) return;
  await copyFile(install.bootstrapCheckpoint, join(files.data, 'bootstrap.checkpoint'));
  const meta = {
    version: '1',
    'cluster.id': options.clusterId,
    'node.id': String(node.nodeId),
    'directory.id': newKafkaId(),
  };
  // meta.properties is what says "formatted", so it comes last and whole.
  await writeFile(join(files.data, 'meta.properties.part'), renderProperties(meta));
  await rename(join(files.data, 'meta.properties.part'), join(files.data, 'meta.properties'));
}

/** @returns undefined when the data folder is not formatted */
export async function clusterIdOf(files: NodeFiles): Promise<string | undefined> {
  try {
    const meta = await readFile(join(files.data, 'meta.properties'), 'utf8');
    return /^cluster\.id=(.+)$/m.exec(meta)?.[1];
  } catch {
    return undefined;
  }
}

/** Kafka's form of a random UUID: 16 bytes in base64url; it wants none that start with a dash. */
export function newKafkaId(): string {
  for (;;) {
    const bytes = randomBytes(16);
    // Version 4, variant 1, as java.util.UUID.randomUUID makes them.
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const id = bytes.toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}
