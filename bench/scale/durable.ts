/**
 * Computes what a durable group costs at a given size, from measured costs of one unit:
 * `npm run bench -- scale-durable`. Runs nothing.
 */
import { Command } from 'commander';
import { countOf } from '../../src/config/units.ts';
import { counted, whole } from '../../src/numbers.ts';
import { durableCosts, type DurableScale } from './durable-costs.ts';
import { unitCosts } from './unit-costs.ts';

const command = new Command('bench scale-durable')
  .description('Computes memory, changelog, restore time and requests of a durable group; nothing is run.')
  .option('--machines <count>', 'one process each', countOf('--machines', 1, 100_000), 100)
  .option('--members <count>', 'of each process', countOf('--members', 1, 1_000), 2)
  .option('--partitions <count>', 'of the topic and its changelog', countOf('--partitions', 1, 1_000_000), 1_000)
  .option('--words <count>', 'distinct words', countOf('--words', 1, 1e12), 1e9)
  .option('--spread <count>', 'partitions in which a word occurs, on average', countOf('--spread', 1, 1e6), 1)
  .option('--word-bytes <count>', 'average length of a word', countOf('--word-bytes', 1, 1e6), 8)
  .option('--replicas <count>', 'replication factor of the changelog', countOf('--replicas', 1, 100), 3)
  .option('--commit-interval-ms <ms>', 'of each member', countOf('--commit-interval-ms', 1, 3_600_000), 1_000)
  .parse();
const scale = command.opts<DurableScale>();

const costRows = Object.values(unitCosts).map(
  ({ what, value, unit, source }) => `| ${what} | ${value.toLocaleString('en-US')} ${unit} | ${source} |`,
);
const rows = durableCosts(scale).map(({ what, value, from }) => `| ${what} | ${value} | ${from} |`);
console.log(
  [
    `${whole(scale.machines)} machines with ${scale.members} members each, ${whole(scale.partitions)} partitions,`,
    `${whole(scale.words)} distinct words, each in ${counted(scale.spread, 'partition')}, ${scale.wordBytes} bytes a word, a`,
    `changelog with ${scale.replicas} replicas, a commit every ${scale.commitIntervalMs} ms. Computed, not run.`,
    '',
    '| cost of one unit | value | measured by, or defined in |',
    '| ---------------- | ----: | ----------- |',
    ...costRows,
    '',
    '| at this size | computed | from |',
    '| ------------ | -------: | ---- |',
    ...rows,
  ].join('\n'),
);
