import { formatServer, parseBootstrapServers } from '../config/bootstrap-servers.ts';
import type { Connection } from '../config/connection.ts';
import { ClusterError } from '../errors.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { hasBrokerSettings, noBrokerSettings, sameBrokerSettings, type BrokerSettings } from './broker-settings.ts';
import { findKeptBrokers, watchOwner, type KeptBrokers } from './kept-brokers.ts';
import type { ManagedBrokers } from './managed-brokers.ts';
import { managedBrokersByDefault, startManagedBrokers } from './managed.ts';
import { nowMs } from '../time/clock.ts';
import { counted } from '../numbers.ts';

export interface ResolveOptions {
  /** HOST:PORT,… of an existing cluster; no other source is tried then. */
  readonly bootstrapServers?: string;
  /** Client properties. Secret: never printed. */
  readonly properties: Readonly<Record<string, string>>;
  /** Without bootstrap servers: managed brokers, found or started, or librdkafka's mock cluster. */
  readonly source: 'managed' | 'mock';
  /**
   * Version and settings of Apache Kafka: allowed only with brokers that this command starts, or
   * that were started with the same ones.
   */
  readonly kafkaVersion?: string;
  readonly settings?: BrokerSettings;
  /** Replicas that a new topic is to have; default: one per broker, at most 2. */
  readonly replicationFactor?: number;
  /** Longest time until existing brokers respond. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
  /**
   * For brokers that faults act on: always started by this process, with second listeners for a
   * proxy.
   */
  readonly toBreak?: boolean;
}

export interface ResolvedBrokers {
  readonly connection: Connection;
  /** Brokers that this process started; only these may be killed and restarted. */
  readonly managed?: ManagedBrokers;
  /** Settings of managed brokers, including background brokers of another process. */
  readonly kafka?: { readonly version: string; readonly settings: BrokerSettings };
  /** Aborted when managed brokers cannot continue; the reason is a ClusterError. */
  readonly failed?: AbortSignal;
  /**
   * Process ids of managed brokers, including the controller, and including background brokers of
   * another process.
   */
  readonly pids: readonly number[];
  /** One line that describes the brokers to users. */
  readonly label: string;
  /** Stops only what was started by resolveBrokers. */
  close(): Promise<void>;
}

const mockBrokers = 2;

/**
 * Resolves the brokers to use: the named ones, otherwise background brokers, otherwise managed ones
 * that are started here and stopped by close().
 * @throws ClusterError brokerUnavailable when existing brokers do not respond within `timeoutMs`;
 *   the signal's reason; usage for a malformed HOST:PORT, properties that contradict the brokers,
 *   or more replicas than managed or mock brokers; what startManagedBrokers throws
 */
export async function resolveBrokers(options: ResolveOptions): Promise<ResolvedBrokers> {
  const { bootstrapServers, properties } = options;
  if (bootstrapServers !== undefined || options.source === 'mock') requireNoChanges(options);
  if (bootstrapServers !== undefined) return external(bootstrapServers, options);
  requirePlaintext(properties);
  requireReplicas(options);
  if (options.source === 'mock') return mock(properties);
  const kept = options.toBreak === true ? undefined : await findKeptBrokers();
  return kept === undefined ? started(options) : found(kept, options);
}

async function external(text: string, options: ResolveOptions): Promise<ResolvedBrokers> {
  // Both clients get the same list, in the one form that both read alike.
  const servers = parseBootstrapServers(text, options.properties['security.protocol']);
  const bootstrapServers = servers.map(formatServer).join();
  const connection: Connection = { bootstrapServers, source: 'external', properties: options.properties };
  await checkAnswer(connection, options);
  return { connection, pids: [], label: bootstrapServers, close: () => Promise.resolve() };
}

/** @throws ClusterError usage when the options change brokers that this program does not start */
function requireNoChanges({ kafkaVersion, settings = noBrokerSettings, bootstrapServers }: ResolveOptions): void {
  const flags = [
    ...(kafkaVersion === undefined ? [] : ['--kafka-version']),
    ...(Object.keys(settings.properties).length === 0 ? [] : ['--broker-property']),
    ...(settings.jvmOptions.length === 0 ? [] : ['--broker-jvm-option']),
  ];
  if (flags.length === 0) return;
  const other = bootstrapServers === undefined ? '--brokers mock' : '--bootstrap-server';
  throw new ClusterError(
    'usage',
    `${flags.join(' and ')}: only valid for brokers that this command starts, not with ${other}`,
    {
      hint: `omit ${other} or ${flags.join(' and ')}`,
    },
  );
}

/** @throws ClusterError usage when the program's own brokers are too few */
function requireReplicas({ source, replicationFactor: replicas = 1 }: ResolveOptions): void {
  const brokers = { managed: managedBrokersByDefault, mock: mockBrokers }[source];
  if (replicas <= brokers) return;
  const message = `--replication-factor: ${replicas} replicas need ${replicas} brokers; there are ${brokers} ${source} brokers`;
  throw new ClusterError('usage', message, {
    hint: `pass at most ${brokers}, or a cluster with more brokers to --bootstrap-server`,
  });
}

/**
 * Managed brokers have only plaintext listeners, so a client with other settings would wait in
 * vain.
 */
export function requirePlaintext(properties: Readonly<Record<string, string>>): void {
  const protocol = properties['security.protocol'];
  if (protocol === undefined || protocol.toLowerCase() === 'plaintext') return;
  throw new ClusterError('usage', `security.protocol ${protocol} needs --bootstrap-server`, {
    hint: 'managed brokers listen on the loopback interface only, without TLS or SASL',
  });
}

async function mock(properties: Readonly<Record<string, string>>): Promise<ResolvedBrokers> {
  // Imported here, because it loads the native client, which no other source of brokers needs.
  const { startMockCluster } = await import('../kafka/native/mock-cluster.ts');
  const cluster = await startMockCluster(mockBrokers);
  return {
    connection: { bootstrapServers: cluster.bootstrapServers, source: 'mock', properties },
    pids: [],
    label: "librdkafka's mock cluster (not suitable for benchmarking)",
    close: () => cluster.close(),
  };
}

async function found(kept: KeptBrokers, options: ResolveOptions): Promise<ResolvedBrokers> {
  requireSame(kept, options);
  const { bootstrapServers, version, settings } = kept;
  const connection: Connection = { bootstrapServers, source: 'managed', properties: options.properties };
  try {
    await checkAnswer(connection, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    const message = `the background brokers of process ${kept.owner.pid} do not respond at ${bootstrapServers}`;
    throw new ClusterError('brokerUnavailable', message, {
      cause,
      hint: 'stop them with consumer-cluster brokers stop',
    });
  }
  const label = `${managedLabel(kept)}, in the background (process ${kept.owner.pid})`;
  const pids = kept.nodes.map(({ pid }) => pid);
  const watch = watchOwner(kept);
  const close = (): Promise<void> => {
    watch.end();
    return Promise.resolve();
  };
  const kafka = { version, settings };
  return { connection, kafka, failed: watch.failed, pids, label, close };
}

/** @throws ClusterError usage when the background brokers do not match the options */
function requireSame(kept: KeptBrokers, { kafkaVersion, settings = noBrokerSettings }: ResolveOptions): void {
  const of = `the background brokers of process ${kept.owner.pid}`;
  const hint = 'stop them with `consumer-cluster brokers stop`, or omit the flag';
  if (kafkaVersion !== undefined && kafkaVersion !== kept.version) {
    const message = `--kafka-version: ${of} are Apache Kafka ${kept.version}, not ${kafkaVersion}`;
    throw new ClusterError('usage', message, { hint });
  }
  if (!hasBrokerSettings(settings) || sameBrokerSettings(settings, kept.settings)) return;
  const message = `--broker-property and --broker-jvm-option: ${of} have other settings`;
  throw new ClusterError('usage', message, { hint });
}

async function started(options: ResolveOptions): Promise<ResolvedBrokers> {
  const {
    properties,
    signal,
    log,
    toBreak: proxyListeners = false,
    kafkaVersion,
    settings = noBrokerSettings,
  } = options;
  const sinceMs = nowMs();
  log('starting two brokers');
  const managed = await startManagedBrokers({
    log,
    proxyListeners,
    settings,
    ...(kafkaVersion === undefined ? {} : { kafkaVersion }),
    ...(signal === undefined ? {} : { signal }),
  });
  const resolved = ofManaged(managed, properties);
  log(`${resolved.label}, ready after ${((nowMs() - sinceMs) / 1_000).toFixed(1)} s`);
  return resolved;
}

/** Brokers that this process has started itself; close() stops them. */
export function ofManaged(managed: ManagedBrokers, properties: Readonly<Record<string, string>>): ResolvedBrokers {
  const { version, settings, failed, nodes } = managed;
  return {
    connection: { ...managed.connection, properties },
    managed,
    kafka: { version, settings },
    failed,
    pids: nodes.map(({ pid }) => pid),
    label: managedLabel(managed),
    close: () => managed.stop(),
  };
}

function managedLabel(brokers: ManagedBrokers | KeptBrokers): string {
  const count = brokers.nodes.filter(({ role }) => role === 'broker').length;
  return `${counted(count, 'managed broker')}, Apache Kafka ${brokers.version}`;
}

async function checkAnswer(
  connection: Connection,
  { timeoutMs, signal }: Pick<ResolveOptions, 'timeoutMs' | 'signal'>,
): Promise<void> {
  const admin = await Admin.connect(connection, { timeoutMs, signal });
  await admin.close();
}
