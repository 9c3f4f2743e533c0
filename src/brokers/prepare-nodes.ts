import { readdir } from 'node:fs/promises';
import { ClusterError } from '../errors.ts';
import type { BrokerNode } from './broker-node.ts';
import { brokerProperties } from './broker-properties.ts';
import type { BrokerSettings } from './broker-settings.ts';
import type { KafkaInstall } from './kafka-install.ts';
import { clusterIdOf, newKafkaId, prepareFolder, prepareNode } from './node-files.ts';

/**
 * Writes the configuration and formats the data of every node, so that they are one cluster.
 * @throws ClusterError usage when the folder holds data of another number of brokers
 */
export async function prepareNodes(
  install: KafkaInstall,
  options: {
    readonly folder: string;
    readonly version: string;
    readonly settings: BrokerSettings;
    readonly nodes: readonly Pick<BrokerNode, 'spec' | 'files'>[];
  },
): Promise<void> {
  const { folder, version, settings, nodes } = options;
  const controller = nodes.find(({ spec }) => spec.role === 'controller');
  if (controller === undefined) throw new Error('no controller among the nodes');
  const others = (await dataNamesIn(folder)).filter((name) => nodes.every(({ files }) => files.dataName !== name));
  if (others.length > 0) {
    throw new ClusterError('usage', `${folder} holds data of a different number of brokers: ${others.join(', ')}`, {
      hint: 'start as many brokers as before, or pass another folder',
    });
  }
  // A start that was killed may have formatted only a part of the nodes.
  const known = (await Promise.all(nodes.map(({ files }) => clusterIdOf(files)))).find((id) => id !== undefined);
  await prepareFolder(install, folder);
  const clusterId = known ?? newKafkaId();
  const brokers = nodes.length - 1;
  for (const { spec: node, files } of nodes) {
    const wanted = { brokers, dataName: files.dataName, version, properties: settings.properties };
    const properties = brokerProperties(node, controller.spec, wanted);
    await prepareNode(install, { node, files, properties, clusterId });
  }
}

async function dataNamesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => /^(?:broker|controller)-\d+$/.test(name)).sort();
}
