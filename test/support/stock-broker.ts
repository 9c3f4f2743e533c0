import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { findPorts } from '../../src/brokers/free-ports.ts';
import { readKafkaInstall, type KafkaInstall } from '../../src/brokers/kafka-install.ts';
import { formatData, newKafkaId } from '../../src/brokers/node-files.ts';
import { renderProperties } from '../../src/brokers/node-files.ts';
import { spawnTied } from '../../src/brokers/tied-process.ts';
import type { Connection } from '../../src/config/connection.ts';
import { eventually } from './eventually.ts';

export interface StockBrokerOptions {
  /**
   * Added to server.properties, or replacing what is there. `PORT` and `CONTROLLER_PORT` in a value
   * are the broker's, `PORT_0`, `PORT_1` … the further ones.
   */
  readonly properties?: Readonly<Record<string, string>>;
  /** Number of ports for further listeners; default: 0. */
  readonly furtherPorts?: number;
  /** Options of the JVM, for instance -Djava.security.auth.login.config=FILE. */
  readonly jvmOptions?: readonly string[];
  /**
   * Arguments of the format tool, for instance --add-scram; without any, its output during set-up
   * is used.
   */
  readonly formatArguments?: readonly string[];
  /** Another Kafka than the installed one. */
  readonly install?: KafkaInstall;
}

export interface StockBroker {
  /** 127.0.0.1:PORT */
  readonly bootstrapServer: string;
  readonly port: number;
  /** `PORT_0`, `PORT_1` … of the properties. */
  readonly furtherPorts: readonly number[];
  readonly connection: Connection;
  readonly folder: string;
  readonly logFile: string;
}

/**
 * Runs `action` on a cluster that is not ours: one Apache Kafka process, broker and controller in
 * one, with Kafka's own defaults. It always ends with the action.
 */
export async function withStockBroker<T>(
  action: (broker: StockBroker) => Promise<T>,
  options: StockBrokerOptions = {},
): Promise<T> {
  const { broker, end } = await startedBroker(options);
  try {
    return await action(broker);
  } finally {
    await end();
  }
}

interface StartedBroker {
  readonly broker: StockBroker;
  /** Kills it and removes its folder. */
  readonly end: () => Promise<void>;
}

const attemptsMax = 3;

/** Starts it again, with other ports, when another process has taken a port before it was bound. */
async function startedBroker(options: StockBrokerOptions): Promise<StartedBroker> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const started = await startBroker(options);
    if (started !== 'portTaken') return started;
  }
  throw new Error(`in each of ${attemptsMax} attempts a port of the stock broker was taken before it was bound`);
}

async function startBroker({
  properties = {},
  furtherPorts: furtherCount = 0,
  jvmOptions = [],
  formatArguments = [],
  install = readKafkaInstall(),
}: StockBrokerOptions): Promise<StartedBroker | 'portTaken'> {
  const folder = await mkdtemp(join(tmpdir(), 'stock-broker-'));
  // All at once, so that they differ.
  const [port = 0, controllerPort = 0, ...furtherPorts] = await findPorts(2 + furtherCount);
  const logFile = join(folder, 'server.log');
  const config = join(folder, 'server.properties');
  const data = join(folder, 'data');
  const portsByName = new Map([
    ['PORT', port],
    ['CONTROLLER_PORT', controllerPort],
    ...furtherPorts.map((further, index) => [`PORT_${index}`, further] as const),
  ]);
  const settings = Object.entries({ ...stockProperties(port, controllerPort, data), ...properties });
  const resolved = Object.fromEntries(
    settings.map(([name, value]) => [
      name,
      value.replaceAll(/\b(?:CONTROLLER_)?PORT(?:_\d+)?\b/g, (text) => String(portsByName.get(text) ?? text)),
    ]),
  );
  await writeFile(config, renderProperties(resolved));
  // One process with both roles is formatted as a controller is.
  const node = { nodeId: 1, role: 'controller' } as const;
  if (formatArguments.length > 0) await runFormatTool(install, config, formatArguments);
  else await formatData(install, { folder: data, node, clusterId: newKafkaId() });
  const server = await spawnTied(
    [
      ...([install.java, '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'] as const),
      ...jvmOptions,
      ...[`-Dlog4j2.configurationFile=${install.logConfig}`, `-Dconsumer-cluster.log=${logFile}`],
      ...['-cp', install.classPath.join(':'), 'kafka.Kafka', config],
    ],
    logFile,
  );
  const end = async (): Promise<void> => {
    server.signal('SIGKILL');
    await server.ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const log = (): Promise<string> => readFile(logFile, 'utf8');
  try {
    await eventually(
      'the stock broker starts',
      async () => {
        if (!server.isRunning()) throw new Error(`the stock broker ended:\n${(await log()).slice(-3_000)}`);
        return (await log()).includes('Kafka Server started');
      },
      60_000,
    );
  } catch (error) {
    const isPortTaken = (await log()).includes('Address already in use');
    await end();
    if (isPortTaken) return 'portTaken';
    throw error;
  }
  const bootstrapServer = `127.0.0.1:${port}`;
  const connection: Connection = { bootstrapServers: bootstrapServer, source: 'external', properties: {} };
  return { broker: { bootstrapServer, port, furtherPorts, connection, folder, logFile }, end };
}

/** Kafka's own format tool, which takes a second. */
async function runFormatTool(install: KafkaInstall, config: string, args: readonly string[]): Promise<void> {
  const tool = ['-cp', install.classPath.join(':'), 'kafka.tools.StorageTool', 'format', '-t', newKafkaId()];
  await promisify(execFile)(install.java, [...tool, '-c', config, ...args], { cwd: install.folder });
}

/**
 * The settings of the server.properties that Kafka ships for one node; all others are Kafka's
 * defaults.
 */
function stockProperties(port: number, controllerPort: number, data: string): Readonly<Record<string, string>> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL',
    'log.dirs': data,
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
  };
}

/** One stock broker for all tests of a file. @returns what gives the broker once the tests run */
export function stockBrokerOfFile(options: StockBrokerOptions = {}): () => StockBroker {
  let broker: StockBroker | undefined;
  let end = (): void => undefined;
  let ended: Promise<void> = Promise.resolve();
  beforeAll(async () => {
    await new Promise<void>((resolve, reject) => {
      ended = withStockBroker(async (started) => {
        broker = started;
        resolve();
        await new Promise<void>((over) => {
          end = over;
        });
      }, options);
      ended.catch(reject);
    });
  });
  afterAll(async () => {
    end();
    await ended;
  });
  return () => {
    if (broker === undefined) throw new Error('the stock broker has not started');
    return broker;
  };
}
