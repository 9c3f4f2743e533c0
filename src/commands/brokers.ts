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
import { defineOption, defineSwitch, type FlagsOf } from '../config/options/option.ts';
import { anyDuration, anyText, countFrom } from '../config/options/values.ts';
import { ClusterError } from '../errors.ts';
import { renderColumns } from '../report/columns.ts';
import type { CommandContext } from './context.ts';
import { addCommand, findCommand } from './options/add-command.ts';
import { managedOptions } from './options/connection-options.ts';
import { nowMs } from '../time/clock.ts';

const startOptions = {
  port: defineOption({
    flag: '--port <number>',
    help: 'port of the first broker; the next two ports are used as well',
    value: countFrom(1, 65_533),
    defaultText: 'free ports',
  }),
  data: defineOption({
    flag: '--data <folder>',
    help: 'data folder, kept when the brokers stop',
    value: anyText,
    defaultText: 'a temporary folder',
  }),
  ...managedOptions,
};
type StartFlags = FlagsOf<typeof startOptions>;

const statusOptions = {
  json: defineSwitch({ flag: '--json', help: 'print JSON' }),
  timeout: defineOption({
    flag: '--timeout <duration>',
    help: 'longest time that brokers may take to respond',
    value: anyDuration,
    default: 5_000,
  }),
};

export function registerBrokers(program: Command, context: CommandContext): void {
  const command = (findCommand(program, 'brokers') ?? program.command('brokers'))
    .description('Runs two Apache Kafka brokers until Ctrl-C. Other commands of the same user find them automatically.')
    .addHelpText('after', helpText);
  addCommand(command, {
    name: 'start',
    isDefault: true,
    description: 'starts the brokers in the foreground, until Ctrl-C',
    options: startOptions,
    run: (flags) => start(flags, context),
  });
  addCommand(command, {
    name: 'status',
    description: 'prints whether the brokers are up; exit code 1 if not',
    options: statusOptions,
    run: (flags) => status(flags, context),
  });
  addCommand(command, { name: 'stop', description: 'stops the brokers', options: {}, run: () => stop(context) });
}

const helpText = `
The brokers listen on 127.0.0.1 only. They stop with this command, however it ends.

Examples:
  consumer-cluster brokers &
  consumer-cluster brokers --port 9092 --data ./kafka-data
  consumer-cluster brokers status
  consumer-cluster brokers stop`;

async function start(flags: StartFlags, context: CommandContext): Promise<void> {
  const settings = parseBrokerSettings(flags);
  const releaseClaim = await claimStart();
  const brokers = await startAlone({ ...flags, settings }, context).finally(releaseClaim);
  try {
    await whileServing(brokers, () => aborted(context.signal));
    context.log('stopping');
  } finally {
    await withdrawKeptBrokers();
    await brokers.stop();
  }
}

/** Starts and announces brokers. The caller holds the claim, so no other process starts any. */
async function startAlone(
  flags: StartFlags & { readonly settings: BrokerSettings },
  context: CommandContext,
): Promise<ManagedBrokers> {
  const kept = await findKeptBrokers();
  if (kept !== undefined) {
    const message = `background brokers are already running at ${kept.bootstrapServers} (process ${kept.owner.pid})`;
    throw new ClusterError('environment', message, { hint: 'stop them with `consumer-cluster brokers stop`' });
  }
  const sinceMs = nowMs();
  context.log('starting two brokers');
  const brokers = await startManagedBrokers({
    signal: context.signal,
    settings: flags.settings,
    log: (line) => {
      context.warn(line);
    },
    ...(flags.kafkaVersion === undefined ? {} : { kafkaVersion: flags.kafkaVersion }),
    ...(flags.port === undefined ? {} : { firstPort: flags.port }),
    ...(flags.data === undefined ? {} : { dataFolder: flags.data }),
  });
  await announceKeptBrokers(brokers);
  context.result(`${renderNodes(brokers)}\n\nbootstrap servers: ${brokers.connection.bootstrapServers}`);
  const seconds = ((nowMs() - sinceMs) / 1_000).toFixed(1);
  context.log(`Apache Kafka ${brokers.version}, ready after ${seconds} s; Ctrl-C stops the brokers`);
  return brokers;
}

async function status({ json, timeout }: FlagsOf<typeof statusOptions>, context: CommandContext): Promise<void> {
  const kept = await findKeptBrokers();
  if (kept === undefined) {
    if (json) context.result(JSON.stringify({ up: false }));
    throw new ClusterError('brokerUnavailable', 'no background brokers are running', {
      hint: 'start them with `consumer-cluster brokers`',
    });
  }
  const found = await brokersStatus(kept, timeout);
  context.result(json ? JSON.stringify(found, undefined, 2) : renderStatus(found));
  if (found.up) return;
  throw new ClusterError('brokerUnavailable', 'some nodes are unhealthy', { hint: 'see their logs' });
}

async function stop(context: CommandContext): Promise<void> {
  const kept = await findKeptBrokers();
  if (kept === undefined) {
    context.log('no background brokers are running');
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
Apache Kafka ${found.version}, run by process ${found.owner.pid} since ${found.startedAt}`;
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
