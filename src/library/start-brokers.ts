import { isMainThread } from 'node:worker_threads';
import { parseBrokerSettings } from '../brokers/broker-settings.ts';
import { parseKafkaVersion } from '../brokers/kafka-version.ts';
import type { ManagedBrokers } from '../brokers/managed-brokers.ts';
import { startManagedBrokers } from '../brokers/managed.ts';
import { ClusterError } from '../errors.ts';
import { requireCount } from './require-valid.ts';

/** How {@link startBrokers} starts them. Every option has a default. */
export interface BrokersOptions {
  /**
   * Number of brokers, 1 to 9. A separate controller process is always added. Default: 2, the
   * least that survive the loss of one.
   */
  readonly nodes?: number;
  /**
   * Version of Apache Kafka from 3.9.0 on: `4.3.1`, or `4.3` for the newest version of that line. A
   * version that is not installed yet is fetched with Maven, which takes about 35 s. Default: the
   * installed version.
   */
  readonly kafkaVersion?: string;
  /** Entries of server.properties for all processes, such as `{ 'num.io.threads': '8' }`. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Options of the JVM for all processes, such as `-Xmx1g`. */
  readonly jvmOptions?: readonly string[];
  /**
   * Keeps the data in this folder when the brokers stop. A later start with the same folder and
   * number of nodes continues with it. Default: a temporary folder, which is removed.
   */
  readonly folder?: string;
  /** The brokers listen on this port and the ports that follow, 1024 to 65525. Default: free ports. */
  readonly firstPort?: number;
  /** Ends the start early. It does not stop brokers that are up. */
  readonly signal?: AbortSignal;
  /**
   * Receives one line per step of an installation, and one when a process ends without having been
   * asked to.
   */
  readonly onProgress?: (line: string) => void;
}

/** One process of the brokers. */
export interface KafkaProcess {
  /** Kafka's `node.id`: 1 for the first broker; the controller has the highest. */
  readonly nodeId: number;
  readonly role: 'broker' | 'controller';
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Process id; changes with each restart. */
  readonly pid: number;
  /** File with everything that the process has written. */
  readonly logFile: string;
}

/**
 * Running Apache Kafka brokers on 127.0.0.1, in plain text. They end with this process, even after
 * kill -9.
 */
export interface Brokers extends AsyncDisposable {
  /** `HOST:PORT,…` of all brokers, for any Kafka client. */
  readonly bootstrapServers: string;
  /** Version of Apache Kafka, such as `4.4.0`. */
  readonly version: string;
  /** The folder of their data and logs. */
  readonly folder: string;
  /** All processes, brokers first. */
  readonly nodes: readonly KafkaProcess[];
  /**
   * Aborted, with a {@link ClusterError} as its reason, when they cannot continue: the disk is full,
   * or no broker is left that was not killed with {@link Brokers.kill}.
   */
  readonly failed: AbortSignal;
  /**
   * Sends SIGKILL; resolves when the process is gone.
   * @throws {@link ClusterError} `usage` when there is no such node
   */
  kill(nodeId: number): Promise<void>;
  /**
   * Stops the process with SIGSTOP: its connections stay open, and nothing is answered.
   * @throws {@link ClusterError} `usage` when there is no such node
   */
  pause(nodeId: number): void;
  /**
   * Continues a paused process.
   * @throws {@link ClusterError} `usage` when there is no such node
   */
  resume(nodeId: number): void;
  /**
   * Starts a node again on its port and its data, and kills it first if it runs. Resolves when it
   * serves again.
   * @param options - `signal` ends the wait early; the node starts nevertheless
   * @throws {@link ClusterError} `usage` when there is no such node, `environment` when it does not
   *   start or the brokers have stopped
   */
  restart(nodeId: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Ends all processes and removes the temporary folder. May be called several times. */
  stop(): Promise<void>;
  /** The same as {@link Brokers.stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const nodesMax = 9;
const ports = { min: 1_024, max: 65_535 - nodesMax - 1 } as const;

/** The brokers behind the object that a user has. */
const managedBrokers = new WeakMap<Brokers, ManagedBrokers>();

/**
 * Starts Apache Kafka brokers without Docker: real ones, for tests and benchmarks. It takes about
 * three seconds. Call it in the main thread of a process.
 * @returns the brokers, ready for the first producer and the first group
 * @throws {@link ClusterError} `environment` when Kafka or Java is missing, a port or the folder is in
 *   use, or a process does not start; `usage` for options that contradict; the signal's reason when
 *   it is aborted. Nothing is left behind.
 * @example
 * ```ts
 * await using brokers = await startBrokers();
 * const kafka = new Kafka({ brokers: brokers.bootstrapServers.split(',') });
 * ```
 */
export async function startBrokers(options: BrokersOptions = {}): Promise<Brokers> {
  const { nodes = 2, kafkaVersion, properties = {}, jvmOptions = [], folder, firstPort, signal, onProgress } = options;
  if (!isMainThread) {
    throw new ClusterError('usage', 'startBrokers() was called in a worker thread', {
      hint: "call it in the main thread; with Vitest, set pool: 'forks' or use globalSetup",
    });
  }
  requireCount('nodes', nodes, { min: 1, max: nodesMax });
  if (firstPort !== undefined) requireCount('firstPort', firstPort, ports);
  const managed = await startManagedBrokers({
    brokers: nodes,
    settings: parseBrokerSettings({
      brokerProperty: Object.entries(properties).map(([name, value]) => `${name}=${value}`),
      brokerJvmOption: jvmOptions,
    }),
    ...(kafkaVersion === undefined ? {} : { kafkaVersion: parseKafkaVersion(kafkaVersion) }),
    ...(folder === undefined ? {} : { dataFolder: folder }),
    ...(firstPort === undefined ? {} : { firstPort }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { log: onProgress }),
  });
  const brokers = toBrokers(managed);
  managedBrokers.set(brokers, managed);
  return brokers;
}

/** @throws ClusterError usage for any other object */
export function managedOf(brokers: Brokers): ManagedBrokers {
  const managed = managedBrokers.get(brokers);
  if (managed !== undefined) return managed;
  throw new ClusterError('usage', 'brokers: neither an object of startBrokers() nor HOST:PORT,…', {
    hint: 'pass brokers.bootstrapServers if the object is of another copy of this package',
  });
}

function toBrokers(managed: ManagedBrokers): Brokers {
  const { connection, version, folder, failed } = managed;
  return {
    ...{ bootstrapServers: connection.bootstrapServers, version, folder, failed },
    get nodes() {
      return managed.nodes.map(({ nodeId, role, port, pid, logFile }) => ({ nodeId, role, port, pid, logFile }));
    },
    kill: (nodeId) => managed.kill(nodeId),
    pause: (nodeId) => {
      managed.pause(nodeId);
    },
    resume: (nodeId) => {
      managed.resume(nodeId);
    },
    restart: (nodeId, { signal } = {}) => managed.restart(nodeId, signal),
    stop: () => managed.stop(),
    [Symbol.asyncDispose]: () => managed.stop(),
  };
}
