import { ClusterError } from '../errors.ts';
import { noBrokerSettings, type BrokerSettings } from './broker-settings.ts';
import { openClusterFolder } from './cluster-folder.ts';
import { ensureKafka } from './ensure-kafka.ts';
import { findFreePorts, findPorts, isPortFree } from './free-ports.ts';
import { readKafkaInstall } from './kafka-install.ts';
import { removeLeftovers } from './leftovers.ts';
import type { ManagedBrokers } from './managed-brokers.ts';
import { ManagedCluster } from './managed-cluster.ts';
import { nodeSpecs, type ProxyListener } from './node-spec.ts';

/** Another process may bind a port between the check and the start of the broker. */
const attemptsMax = 3;

export interface ManagedBrokersOptions {
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
   * The brokers listen on firstPort and the next port, the controller on the one after. Without it,
   * all use free ports.
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
  const { log = () => undefined, signal, kafkaVersion, settings = noBrokerSettings } = options;
  const install = kafkaVersion === undefined ? readKafkaInstall() : await ensureKafka(kafkaVersion, { log, signal });
  await removeLeftovers();
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const { firstPort } = options;
    const specs = nodeSpecs(
      firstPort === undefined ? await findFreePorts() : await portsFrom(firstPort),
      await findProxyListeners(options),
    );
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
      const failure = await cluster.abandonStart(error);
      if (!portTaken || firstPort !== undefined || attempt === attemptsMax) throw failure;
    }
  }
}

async function findProxyListeners({
  proxyListeners,
}: ManagedBrokersOptions): Promise<readonly [ProxyListener, ProxyListener] | undefined> {
  if (proxyListeners !== true) return undefined;
  const [first = 0, firstAdvertised = 0, second = 0, secondAdvertised = 0] = await findPorts(4);
  return [
    { port: first, advertisedPort: firstAdvertised },
    { port: second, advertisedPort: secondAdvertised },
  ];
}

type ThreePorts = readonly [number, number, number];

async function portsFrom(firstPort: number): Promise<ThreePorts> {
  const ports: ThreePorts = [firstPort, firstPort + 1, firstPort + 2];
  for (const port of ports) {
    if (await isPortFree(port)) continue;
    const ask = port === firstPort ? '--port' : `--port ${firstPort} needs three consecutive ports`;
    throw new ClusterError('environment', `port ${port} is in use (${ask})`, {
      hint: 'pass another --port, or omit it to use free ports',
    });
  }
  return ports;
}
