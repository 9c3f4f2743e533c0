import type { Command } from 'commander';
import { parseBrokerSettings, type BrokerSettings } from '../brokers/broker-settings.ts';
import {
  announceKeptBrokers,
  findKeptBrokers,
  withdrawKeptBrokers,
  type KeptBrokers,
} from '../brokers/kept-brokers.ts';
import type { ManagedBrokers } from '../brokers/managed-brokers.ts';
import { startManagedBrokers } from '../brokers/managed.ts';
import { claimStart } from '../brokers/start-claim.ts';
import { brokersStatus, stopKeptBrokers, type BrokersStatus } from '../brokers/kept-control.ts';
import { whileServing } from '../brokers/while-serving.ts';
import { WordcountError } from '../errors.ts';
import { renderColumns } from '../report/columns.ts';
import type { CommandContext } from './context.ts';
import { addManagedOptions, countOf, durationOf, type ManagedOptions } from './shared-options.ts';

interface StartOptions extends ManagedOptions {
  readonly port?: number;
  readonly data?: string;
}

interface StatusOptions {
  readonly json?: boolean;
  readonly timeout: number;
}

export function registerBrokers(program: Command, context: CommandContext): void {
  const command = program
    .command('brokers')
    .description('Keeps two Apache Kafka brokers up, which the other commands of this user then find by themselves.');
  const starting = command
    .command('start', { isDefault: true })
    .description('starts them in the foreground, until Ctrl-C')
    .option('--port <number>', 'port of the first broker; the two after it are taken too', countOf('--port', 1, 65_533))
    .option('--data <folder>', 'keep the data there, also after the end (default: a temporary folder)');
  addManagedOptions(starting).action((options: StartOptions) => start(options, context));
  command
    .command('status')
    .description('tells whether they are up; exit code 1 when not')
    .option('--json', 'as JSON')
    .option('--timeout <duration>', 'how long they may take to answer', durationOf('--timeout'), 5_000)
    .action((options: StatusOptions) => status(options, context));
  command
    .command('stop')
    .description('stops them')
    .action(() => stop(context));
  command.addHelpText(
    'after',
    `
They listen on 127.0.0.1 only, and end with this command, whatever ends it.

Examples:
  consumer-cluster brokers &
  consumer-cluster brokers --port 9092 --data ./kafka-data
  consumer-cluster brokers status
  consumer-cluster brokers stop`,
  );
}

async function start(options: StartOptions, context: CommandContext): Promise<void> {
  const settings = parseBrokerSettings(options);
  const releaseClaim = await claimStart();
  const brokers = await startAlone({ ...options, settings }, context).finally(releaseClaim);
  try {
    await whileServing(brokers, () => aborted(context.signal));
    context.log('stopping');
  } finally {
    await withdrawKeptBrokers();
    await brokers.stop();
  }
}

/** Starts brokers and announces them, while no other process does. */
async function startAlone(
  options: StartOptions & { readonly settings: BrokerSettings },
  context: CommandContext,
): Promise<ManagedBrokers> {
  const kept = await findKeptBrokers();
  if (kept !== undefined) {
    const message = `brokers are up already at ${kept.bootstrapServers} (process ${kept.owner.pid})`;
    throw new WordcountError('environment', message, { hint: 'consumer-cluster brokers stop ends them' });
  }
  const sinceMs = performance.now();
  context.log('starting two brokers');
  const brokers = await startManagedBrokers({
    signal: context.signal,
    settings: options.settings,
    log: (line) => {
      context.warn(line);
    },
    ...(options.kafkaVersion === undefined ? {} : { kafkaVersion: options.kafkaVersion }),
    ...(options.port === undefined ? {} : { firstPort: options.port }),
    ...(options.data === undefined ? {} : { dataFolder: options.data }),
  });
  await announceKeptBrokers(brokers);
  context.result(`${renderNodes(brokers)}\n\nbootstrap servers: ${brokers.connection.bootstrapServers}`);
  const seconds = ((performance.now() - sinceMs) / 1_000).toFixed(1);
  context.log(`Apache Kafka ${brokers.version}, ready after ${seconds} s; Ctrl-C stops the brokers`);
  return brokers;
}

async function status({ json = false, timeout }: StatusOptions, context: CommandContext): Promise<void> {
  const kept = await findKeptBrokers();
  if (kept === undefined) {
    if (json) context.result(JSON.stringify({ up: false }));
    throw new WordcountError('brokerUnavailable', 'no brokers are kept up', {
      hint: '`consumer-cluster brokers` starts two and keeps them up until Ctrl-C',
    });
  }
  const found = await brokersStatus(kept, timeout);
  context.result(json ? JSON.stringify(found, undefined, 2) : renderStatus(found));
  if (found.up) return;
  throw new WordcountError('brokerUnavailable', 'not every node is well', { hint: 'their logs tell why' });
}

async function stop(context: CommandContext): Promise<void> {
  const kept = await findKeptBrokers();
  if (kept === undefined) {
    context.log('no brokers are kept up');
    return;
  }
  await stopKeptBrokers(kept);
  context.log(`stopped the brokers of process ${kept.owner.pid}`);
}

function renderNodes({ nodes }: ManagedBrokers | KeptBrokers, states?: readonly string[]): string {
  const cells = (cell: (node: (typeof nodes)[number]) => string): readonly string[] => nodes.map(cell);
  return renderColumns([
    { title: 'NODE', align: 'left', cells: cells(({ role, nodeId }) => `${role} ${nodeId}`) },
    { title: 'ADDRESS', align: 'left', cells: cells(({ port }) => `127.0.0.1:${port}`) },
    { title: 'PID', align: 'right', cells: cells(({ pid }) => String(pid)) },
    ...(states === undefined ? [] : [{ title: 'STATE', align: 'left' as const, cells: states }]),
    { title: 'LOG', align: 'left', cells: cells(({ logFile }) => logFile) },
  ]);
}

function renderStatus(found: BrokersStatus): string {
  const states = found.nodes.map(({ state }) => state);
  return `${renderNodes(found, states)}

bootstrap servers: ${found.bootstrapServers}
Apache Kafka ${found.version}, kept up by process ${found.owner.pid} since ${found.startedAt}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
