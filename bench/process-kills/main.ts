import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { startManagedBrokers } from '../../src/brokers/managed.ts';
import { countOf } from '../../src/config/units.ts';
import { renderOutcomes } from './outcome-text.ts';
import { protocolFlags, runGroups, type GroupOutcome } from './run-groups.ts';

interface Flags {
  readonly kills: number;
  readonly seed: number;
  readonly processes: number;
  readonly members: number;
  readonly partitions: number;
  readonly rate: number;
  readonly protocols: readonly string[];
  readonly staticMembership: boolean;
  readonly standbyReplicas: string;
  readonly commitInterval: string;
  readonly minutes: number;
  readonly logs: string;
  readonly inTurn: boolean;
}

const list = (text: string): string[] => text.split(',');
const seedMax = 2 ** 32 - 1;
const command = new Command('bench process-kills')
  .description('Kills processes of durable groups at random times, and compares their counts with those of the input.')
  .option('--kills <count>', 'processes to kill with SIGKILL, all groups together', countOf('--kills', 1, 100_000), 100)
  .option('--seed <number>', 'decides over the input and the failures', countOf('--seed', 0, seedMax), 1)
  .option('--processes <count>', 'processes of each group', countOf('--processes', 1, 20), 3)
  .option('--members <count>', 'members of each process', countOf('--members', 1, 20), 1)
  .option('--partitions <count>', 'partitions of the topic', countOf('--partitions', 1, 100), 4)
  .option('--rate <records>', 'records a second', countOf('--rate', 1, 1_000_000), 500)
  .option('--protocols <list>', 'one group each', list, Object.keys(protocolFlags))
  .option('--static-membership', 'restarts processes under their names (--group-instance-id)', false)
  .option('--standby-replicas <count>', '0 or all', 'all')
  .option('--commit-interval <duration>', 'time between two transactions of a member', '200ms')
  .option('--minutes <count>', 'no further failures after this time', countOf('--minutes', 1, 10_000), 10_000)
  .option(
    '--in-turn',
    'one group after the other, each with its share of the kills: for machines with few cores',
    false,
  )
  .option('--logs <folder>', "folder for the processes' output", '')
  .parse();

const flags = command.opts<Flags>();
const logFolder = flags.logs === '' ? mkdtempSync(join(tmpdir(), 'process-kills-')) : flags.logs;
mkdirSync(logFolder, { recursive: true });
const log = (line: string): void => void process.stderr.write(`${line}\n`);
log(`seed ${flags.seed}, output of the processes in ${logFolder}`);
const brokers = await startManagedBrokers();
try {
  const rounds = flags.inTurn ? flags.protocols.map((protocol) => [protocol]) : [flags.protocols];
  const kills = Math.ceil(flags.kills / rounds.length);
  const outcomes: GroupOutcome[] = [];
  for (const protocols of rounds) {
    const options = { ...flags, protocols, kills, connection: brokers.connection, logFolder, log };
    for (const outcome of await runGroups(options)) outcomes.push(outcome);
  }
  process.stdout.write(`${renderOutcomes(flags.seed, outcomes)}\n`);
  if (outcomes.some(({ anomalies }) => anomalies.length > 0)) process.exitCode = 1;
} finally {
  await brokers.stop();
}
