import { ClusterError } from '../errors.ts';
import { noBrokerSettings, type BrokerSettings } from './broker-settings.ts';
import { openClusterFolder } from './cluster-folder.ts';
import { ensureKafka } from './ensure-kafka.ts';
import { findPorts, isPortFree } from './free-ports.ts';
import { readKafkaInstall } from './kafka-install.ts';
import { removeLeftovers } from './leftovers.ts';
import type { ManagedBrokers } from './managed-brokers.ts';
import { ManagedCluster } from './managed-cluster.ts';
import { nodeSpecs, type ProxyListener } from './node-spec.ts';

/** Another process may bind a port between the check and the start of the broker. */
const attemptsMax = 3;

/** Two brokers are the least that survive the loss of one. */
export const managedBrokersByDefault = 2;

export interface ManagedBrokersOptions {
  /** Number of brokers, from 1; a controller is always added. Default: 2. */
  readonly brokers?: number;
  /**
   * Version of Apache Kafka, such as "3.9.2", which is installed if missing. Default: the version
   * that setup installs.
   */
  readonly kafkaVersion?: string;
  /** Changes to the brokers' settings; see parseBrokerSettings for the allowed ones. */
  readonly settings?: BrokerSettings;
  /** Ends the start early; it does not stop brokers that are up. */
  readonly signal?: AbortSignal;
  /** Data folder of the brokers; default: a temporary folder. */
  readonly dataFolder?: string;
  /** Keeps the data when the brokers stop; the default is true only with `dataFolder`. */
  readonly keepData?: boolean;
  /**
   * The brokers listen on firstPort and the ports that follow, the controller on the next one.
   * Without it, all use free ports.
   */
  readonly firstPort?: number;
  /**
   * Adds a second listener to each broker, whose clients connect through a proxy
   * (NodeSpec.proxyListener).
   */
  readonly proxyListeners?: boolean;
  readonly log?: (line: string) => void;
}

/**
 * Starts the brokers and resolves when both respond, list each other, and are ready for the first
 * group.
 * @throws ClusterError environment when Kafka is not installed, a port or the folder is in use,
 *   or a process died while starting (with the cause from its log, and the logs kept); the signal's
 *   reason, with nothing left behind
 */
export async function startManagedBrokers(options: ManagedBrokersOptions = {}): Promise<ManagedBrokers> {
  const { brokers = managedBrokersByDefault, log = () => undefined, signal, kafkaVersion } = options;
  const { firstPort, settings = noBrokerSettings, proxyListeners = false } = options;
  const install = kafkaVersion === undefined ? readKafkaInstall() : await ensureKafka(kafkaVersion, { log, signal });
  await removeLeftovers();
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const ports = firstPort === undefined ? await findPorts(brokers + 1) : await portsFrom(firstPort, brokers + 1);
    const specs = nodeSpecs(ports, proxyListeners ? await findProxyListeners(brokers, ports) : []);
    const cluster = new ManagedCluster(install, {
      specs,
      folder: await openClusterFolder(options),
      settings,
      log,
    });
    try {
      await cluster.start(signal);
      return cluster;
    } catch (error) {
      const portTaken = (await cluster.logText()).includes('Address already in use');
      const failure = await cluster.abandonStart(error, signal);
      if (!portTaken || firstPort !== undefined || attempt === attemptsMax) throw failure;
    }
  }
}

/** @param taken - ports of the brokers and the controller */
async function findProxyListeners(brokers: number, taken: readonly number[]): Promise<readonly ProxyListener[]> {
  const ports = await findPorts(2 * brokers, taken);
  return Array.from({ length: brokers }, (_, index) => ({
    port: ports[2 * index] ?? 0,
    advertisedPort: ports[2 * index + 1] ?? 0,
  }));
}

async function portsFrom(firstPort: number, count: number): Promise<readonly number[]> {
  const ports = Array.from({ length: count }, (_, index) => firstPort + index);
  for (const port of ports) {
    if (await isPortFree(port)) continue;
    const ask = port === firstPort ? '--port' : `--port ${firstPort} needs ${count} consecutive ports`;
    throw new ClusterError('environment', `port ${port} is in use (${ask})`, {
      hint: 'pass another --port, or omit it to use free ports',
    });
  }
  return ports;
}
