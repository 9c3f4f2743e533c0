import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { ManagedBrokers } from '../../src/brokers/managed-brokers.ts';
import { startManagedBrokers } from '../../src/brokers/managed.ts';
import { Supervisor } from '../../src/cluster/supervisor.ts';
import { countOf } from '../../src/config/units.ts';
import { groupDefaults, type GroupConfig } from '../../src/config/group.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { largest } from '../../src/statistics/extremes.ts';
import { quantile, samplesOf } from '../../src/statistics/statistics.ts';
import { renderColumns } from '../../src/report/columns.ts';
import { Feed } from '../../src/live-run/feed.ts';
import { rebalancesByBrokerLoss } from './broker-loss.ts';
import { causes, takeoverMs, type Cause } from './rounds.ts';

interface Flags {
  readonly rounds: number;
  readonly causes: readonly string[];
  readonly protocols: readonly string[];
}

const partitions = 4;
const members = 3;
const rate = 2_000;
const timeoutMs = 30_000;

const protocols: ReadonlyMap<string, Partial<GroupConfig>> = new Map([
  ['range', { assignmentStrategy: 'range' }],
  ['roundrobin', { assignmentStrategy: 'roundrobin' }],
  ['cooperative-sticky', { assignmentStrategy: 'cooperative-sticky' }],
  ['consumer', { groupProtocol: 'consumer' }],
]);

interface Row {
  readonly protocol: string;
  readonly cause: string;
  readonly cells: readonly string[];
}

const list = (text: string): string[] => text.split(',');
const command = new Command('bench takeover')
  .description('Measures how long the partitions of a failed member wait until others count them, on separate brokers.')
  .option('--rounds <count>', 'failures of each kind and protocol', countOf('--rounds', 1, 10_000), 20)
  .option('--causes <list>', 'of: death, replaced death, silent death, stuck, leave, broker loss', list, [
    ...causes,
    'replaced death',
    'broker loss',
  ])
  .option('--protocols <list>', 'of: range, roundrobin, cooperative-sticky, consumer', list, [...protocols.keys()])
  .addHelpText(
    'after',
    `\n${members} members, ${partitions} partitions, ${rate} records a second; the watchdog is at 2 s.`,
  )
  .parse();

function startGroup(
  brokers: ManagedBrokers,
  topic: string,
  group: Partial<GroupConfig>,
  isReplaced: boolean,
): Supervisor {
  const supervisor = new Supervisor({
    topic,
    connection: brokers.connection,
    group: { ...groupDefaults, groupId: `takeover-${randomUUID().slice(0, 8)}`, ...group },
    membersMax: members + 1,
    beginOffsets: Array.from({ length: partitions }, () => 0),
    restart: { restartsMax: isReplaced ? 1_000_000 : 0, delayMs: 200, calmMs: 500 },
    watchdogMs: 2_000,
  });
  for (let member = 0; member < members; member += 1) supervisor.addMember();
  supervisor.openGate();
  return supervisor;
}

async function measure(brokers: ManagedBrokers, topic: string, protocol: string, cause: string): Promise<Row> {
  const { rounds } = command.opts<Flags>();
  const isReplaced = cause === 'replaced death';
  const supervisor = startGroup(brokers, topic, protocols.get(protocol) ?? {}, isReplaced);
  try {
    if (cause === 'broker loss') {
      const seen = await rebalancesByBrokerLoss(supervisor, brokers, rounds);
      return { protocol, cause, cells: [String(seen.length), '', '', '', `${seen.join(' ')} rebalances`] };
    }
    const samples: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      samples.push(await takeoverMs(supervisor, isReplaced ? 'death' : (cause as Cause)));
      if (!isReplaced) supervisor.addMember();
    }
    const sorted = samplesOf(samples);
    const figures = [quantile(sorted, 0.5), quantile(sorted, 0.99), largest(samples)];
    return { protocol, cause, cells: [String(rounds), ...figures.map((ms) => ms.toFixed(0)), ''] };
  } finally {
    await supervisor.stop('kill');
  }
}

const brokers = await startManagedBrokers();
const topic = `takeover-${randomUUID().slice(0, 8)}`;
const { connection } = brokers;
await createTopic({ connection, topic, partitions, replicationFactor: 2, timeoutMs });
const feed = new Feed({ connection, topic, partitions, workload: { type: 'book' }, rate, timeoutMs });
const rows: Row[] = [];
try {
  const flags = command.opts<Flags>();
  for (const protocol of flags.protocols) {
    for (const cause of flags.causes) {
      rows.push(await measure(brokers, topic, protocol, cause));
      process.stderr.write(`${protocol}, ${cause}: ${rows.at(-1)?.cells.join(' ') ?? ''}\n`);
    }
  }
} finally {
  await feed.end().catch(() => undefined);
  await brokers.stop();
}
const cellsOf = (index: number): string[] => rows.map(({ cells }) => cells[index] ?? '');
process.stdout.write(
  `${renderColumns([
    { title: 'protocol', align: 'left', cells: rows.map(({ protocol }) => protocol) },
    { title: 'cause', align: 'left', cells: rows.map(({ cause }) => cause) },
    { title: 'rounds', align: 'right', cells: cellsOf(0) },
    { title: 'p50 ms', align: 'right', cells: cellsOf(1) },
    { title: 'p99 ms', align: 'right', cells: cellsOf(2) },
    { title: 'max ms', align: 'right', cells: cellsOf(3) },
    { title: '', align: 'left', cells: cellsOf(4) },
  ])}\n`,
);
