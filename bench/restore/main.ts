/**
 * How fast a process without tables takes over a durable group: `npm run bench -- restore`. The
 * changelog is written by the program, which counts as many distinct words.
 */
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { startManagedBrokers } from '../../src/brokers/managed.ts';
import { countOf } from '../../src/config/units.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { whole } from '../../src/numbers.ts';
import { nowMs } from '../../src/time/clock.ts';
import { produceDistinct } from './fill-changelog.ts';
import { measureRestore, type Restore } from './measure-restore.ts';

interface Flags {
  readonly words: number;
  readonly partitions: number;
  readonly members: number;
  readonly repetitions: number;
}

const timeoutMs = 30_000;
const newWords = 1_000;
const command = new Command('bench restore')
  .description('Restores the counts of a durable group from its changelog into an empty process.')
  .option('--words <count>', 'distinct words in the changelog', countOf('--words', 1, 100_000_000), 10_000_000)
  .option('--partitions <count>', 'of the topic and its changelog', countOf('--partitions', 1, 1_000), 4)
  .option('--members <count>', 'of each process', countOf('--members', 1, 100), 1)
  .option('--repetitions <count>', 'processes started one after the other', countOf('--repetitions', 1, 100), 3)
  .parse();
const { words, partitions, members, repetitions } = command.opts<Flags>();

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const brokers = await startManagedBrokers();
const { connection } = brokers;
const topic = `restore-${randomUUID().slice(0, 8)}`;
let produced = 0;

async function produceMore(count: number): Promise<void> {
  await produceDistinct(connection, { topic, partitions, first: produced, words: count });
  produced += count;
}

/** Each restore finds new records, so that its first output shows counts that it has added. */
async function restore(group: string, standby: string): Promise<Restore> {
  await produceMore(newWords);
  const result = await measureRestore([
    ...['counts', '--durable', '-b', connection.bootstrapServers, '-t', topic, '--group', group, '--top', '1'],
    ...['--members', String(members), '--standby-replicas', standby],
  ]);
  log(`${group}, standby replicas ${standby}: ${JSON.stringify(result)}`);
  return result;
}

function row(standby: string, { words: restored, toRequestMs, restoreMs, toNewCountMs, cpuMs }: Restore): string {
  // A standby has read words before the first request, so the time of the requests says nothing.
  const rate = standby === '0' && restoreMs > 0 ? whole((restored * 1_000) / restoreMs) : '';
  const nanos = restored === 0 ? '' : Math.round(((cpuMs - emptyCpuMs) * 1e6) / produced);
  const seconds = [toRequestMs, restoreMs, toNewCountMs, cpuMs].map((ms) => (ms / 1_000).toFixed(2));
  return `| ${[standby, whole(restored), rate, ...seconds, nanos].join(' | ')} |`;
}

let emptyCpuMs = 0;
try {
  await createTopic({ connection, topic, partitions, replicationFactor: 2, timeoutMs });
  const empty = await restore('empty', '0');
  emptyCpuMs = empty.cpuMs;
  const rows = [row('0, empty changelog', empty)];
  await produceMore(words);
  const fillMs = nowMs();
  await restore('counted', '0');
  log(`counted and committed in ${((nowMs() - fillMs) / 1_000).toFixed(1)} s`);
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const standby of ['0', 'all']) rows.push(row(standby, await restore('counted', standby)));
  }
  console.log(
    [
      `${whole(words)} distinct words, ${partitions} partitions, ${members} members. Seconds from the start of the`,
      'process, except "restore": from the first request to the last table. With standby replicas the',
      'process reads the changelog before its members ask. CPU per word is without that of an empty changelog.',
      '',
      '| standby replicas | restored | words/s | first request s | restore s | first new count s | CPU s | CPU ns/word |',
      '| ---------------- | -------: | ------: | --------------: | --------: | ----------------: | ----: | ----------: |',
      ...rows,
    ].join('\n'),
  );
} finally {
  await brokers.stop();
}
