import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { linkToKafka, logConfig, temporaryFolder } from './folder-names.ts';
import type { KafkaInstall } from './kafka-install.ts';
import type { NodeSpec } from './node-spec.ts';

/** Files of one process of the managed brokers. Names are relative to the cluster's folder. */
export interface NodeFiles {
  readonly configName: string;
  readonly config: string;
  readonly dataName: string;
  readonly data: string;
  readonly logName: string;
  readonly log: string;
}

/** @param folder - folder of the whole cluster */
export function nodeFiles(folder: string, node: NodeSpec): NodeFiles {
  const name = `${node.role}-${node.nodeId}`;
  const [configName, logName] = [`${name}.properties`, join('logs', `${name}.log`)];
  return {
    ...{ configName, config: join(folder, configName) },
    ...{ dataName: name, data: join(folder, name) },
    ...{ logName, log: join(folder, logName) },
  };
}

/** Creates the files in the cluster's folder that all processes share. */
export async function prepareFolder(install: KafkaInstall, folder: string): Promise<void> {
  // In a folder with existing data these files may be from an earlier start.
  await rm(join(folder, linkToKafka), { force: true });
  await rm(join(folder, temporaryFolder), { recursive: true, force: true });
  await symlink(install.folder, join(folder, linkToKafka));
  await mkdir(join(folder, temporaryFolder));
  await mkdir(join(folder, 'logs'), { recursive: true });
  await copyFile(install.logConfig, join(folder, logConfig));
}

/**
 * Writes the process's configuration, and formats its data folder if it is not formatted.
 * @param options.clusterId - for a new data folder; a used one keeps its own
 */
export async function prepareNode(
  install: KafkaInstall,
  options: {
    readonly node: NodeSpec;
    readonly files: NodeFiles;
    readonly properties: Readonly<Record<string, string>>;
    readonly clusterId: string;
  },
): Promise<void> {
  const { node, files, properties, clusterId } = options;
  await writeFile(files.config, renderProperties(properties));
  if ((await clusterIdOf(files)) !== undefined) return;
  await formatData(install, { folder: files.data, node, clusterId });
}

/**
 * Formats a data folder as Kafka's format tool would, without starting a JVM for a second per
 * process.
 * @param options.node.role - a process that is both broker and controller counts as a controller
 */
export async function formatData(
  install: KafkaInstall,
  options: {
    readonly folder: string;
    readonly node: Pick<NodeSpec, 'nodeId' | 'role'>;
    readonly clusterId: string;
  },
): Promise<void> {
  const { folder, node, clusterId } = options;
  await mkdir(folder, { recursive: true });
  if (node.role === 'controller') {
    const checkpoint = join(folder, install.bootstrapPlace);
    await mkdir(dirname(checkpoint), { recursive: true });
    await copyFile(join(install.folder, install.bootstrapCheckpoint), checkpoint);
  }
  const meta = {
    version: '1',
    'cluster.id': clusterId,
    'node.id': String(node.nodeId),
    'directory.id': newKafkaId(),
  };
  // meta.properties marks the folder as formatted, so it is written last and replaced as a whole.
  await writeFile(join(folder, 'meta.properties.part'), renderProperties(meta));
  await rename(join(folder, 'meta.properties.part'), join(folder, 'meta.properties'));
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

/**
 * Kafka's form of a random UUID: 16 bytes in base64url. Kafka rejects ids that start with a dash.
 */
export function newKafkaId(): string {
  for (;;) {
    const bytes = randomBytes(16);
    // Version 4, variant 1, as java.util.UUID.randomUUID creates them.
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const id = bytes.toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

/**
 * Text in the format of Java's Properties, in ASCII only. Java 8 to 17 read such a file as Latin-1,
 * so other characters are escaped, as are those that end or split a line. Pure.
 */
export function renderProperties(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(
      ([name, value]) =>
        `${escapeText(name, /[\\=:#! \t\f\n\r]|[^\x20-\x7e]/g)}=${escapeText(value, /[\\\t\f\n\r]|^ |[^\x20-\x7e]/g)}\n`,
    )
    .join('');
}

function escapeText(text: string, special: RegExp): string {
  return text.replaceAll(special, (character) =>
    // One code unit at a time: Java's escapes are UTF-16.
    character === '\\' || (character >= ' ' && character <= '~') ? `\\${character}` : unicodeEscapes(character),
  );
}

function unicodeEscapes(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    return `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
