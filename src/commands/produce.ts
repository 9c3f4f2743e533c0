import type { Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { compressions } from '../config/producer-properties.ts';
import { ClusterError } from '../errors.ts';
import { type Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { produceJson, renderProduced, renderProduceState } from '../report/produce-text.ts';
import { chooseWorkload } from '../workload/choose-workload.ts';
import { produceIntoTopic, type FoundTopic, type TopicFilled } from '../workload/produce-into-topic.ts';
import { recordKeys } from '../workload/record-keys.ts';
import { describeWorkload, recordsUnlessGiven, type Workload } from '../workload/workload.ts';
import { defineOption, type FlagsOf } from '../config/options/option.ts';
import { noEffect } from '../config/options/rules.ts';
import { anyText, countFrom, oneOf, oneOfList } from '../config/options/values.ts';
import {
  numRecordsOption,
  seedValue,
  workloadOptions,
  workloadRules,
  zipfDefaults,
} from '../config/options/workload-options.ts';
import type { CommandContext } from './context.ts';
import { addCommand } from './options/add-command.ts';
import { connectionOptions, connectionRules } from './options/connection-options.ts';
import { withBrokers } from './with-brokers.ts';
import { nowMs } from '../time/clock.ts';
import { counted } from '../numbers.ts';

/** Number of records of a workload without end. */
const endlessRecords = 1_000_000;
const partitionsByDefault = 4;

const produceOptions = {
  topic: defineOption({
    flag: '-t, --topic <name>',
    help: 'topic name; created if it does not exist',
    value: anyText,
    isRequired: true,
  }),
  partitions: defineOption({
    flag: '--partitions <count>',
    help: 'partitions of a new topic',
    value: countFrom(1, 10_000),
    defaultText: String(partitionsByDefault),
  }),
  replicationFactor: defineOption({
    flag: '--replication-factor <count>',
    help: 'replicas of each partition of a new topic',
    value: countFrom(1, 100),
    defaultText: '2, or 1 with a single broker',
  }),
  numRecords: numRecordsOption,
  ...workloadOptions,
  seed: defineOption({
    flag: '--seed <number>',
    help: 'seed of the seeded words: the same seed gives the same bytes',
    value: seedValue,
    defaultText: String(zipfDefaults.seed),
  }),
  key: defineOption({
    flag: '--key <kind>',
    help: "key of each record, which decides its partition as in Kafka's Java client",
    value: oneOf(recordKeys),
    default: 'none',
  }),
  compression: defineOption({
    flag: '--compression <codec>',
    help: 'compression of the batches',
    value: oneOfList(compressions),
    default: 'none',
  }),
  rate: defineOption({
    flag: '--rate <records>',
    help: 'records per second',
    unit: 'records/s',
    value: countFrom(1, 1e9),
    defaultText: 'as fast as possible',
  }),
  json: defineOption({ flag: '--json <file>', help: 'write the result as JSON; - is stdout', value: anyText }),
  ...connectionOptions,
};
type ProduceFlags = FlagsOf<typeof produceOptions>;

export function registerProduce(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'produce',
    description:
      'Fills a topic with lines of files, of a book, or with seeded words; each record arrives exactly once.',
    options: produceOptions,
    rules: [
      ...connectionRules,
      ...workloadRules,
      noEffect<ProduceFlags>(['seed'], 'with --input: records come from files', (_, isGiven) => isGiven('input')),
    ],
    helpText,
    run: async (flags) => {
      // Invalid input is reported before any broker is started or contacted.
      const workload = await chooseWorkload(withSeededWords(flags));
      const outputs = new Outputs(context);
      for (const path of flags.input ?? []) outputs.protect('--input', path);
      const json = await outputs.plan('--json', flags.json);
      const result = await withBrokers(flags, context, (brokers) => produce(flags, workload, brokers, context));
      await print(result, json, context);
      outputs.conclude(result.interrupted ? new ClusterError('interrupted', 'interrupted') : undefined);
    },
  });
}

const helpText = `Each line is a record, without its line end; an empty line is an empty record. Without --input and
without seeded words the records are the lines of Moby-Dick, on average 66 bytes long. Default of
--num-records: ${endlessRecords}, or with --input each line once. --seed without --input selects
seeded words.

Examples:
  consumer-cluster produce --topic books --num-records 10m
  consumer-cluster produce --topic logs --input /var/log/app --partitions 8 --compression lz4
  consumer-cluster produce -t zipf --vocabulary 1m --record-bytes 200 --seed 7 --rate 50k`;

/** --seed alone selects seeded words. */
function withSeededWords(flags: ProduceFlags): ProduceFlags {
  if (flags.seed === undefined) return flags;
  return { ...flags, vocabulary: flags.vocabulary ?? zipfDefaults.vocabulary };
}

type Produced = TopicFilled & { readonly topic: string; readonly workload: string };

async function produce(
  flags: ProduceFlags,
  workload: Workload,
  brokers: ResolvedBrokers,
  context: CommandContext,
): Promise<Produced> {
  const { topic } = flags;
  context.log(`${brokers.label}; ${describeWorkload(workload)}`);
  const records = flags.numRecords ?? recordsUnlessGiven(workload, endlessRecords);
  const startMs = nowMs();
  let delivered = 0;
  try {
    const result = await produceIntoTopic({
      ...flags,
      ...{ connection: brokers.connection, workload, records },
      partitions: flags.partitions ?? partitionsByDefault,
      timeoutMs: flags.timeout,
      signal: context.signal,
      onTopic: (found) => {
        reportTopic(flags, found, context);
      },
      onTopicLeft: (why) => {
        context.warn(why);
      },
      onProgress: (progress) => {
        ({ delivered } = progress);
        const elapsedMs = nowMs() - startMs;
        const known = records === 'once' ? undefined : records;
        context.live(renderProduceState({ topic, delivered, records: known, elapsedMs }));
      },
    });
    return { ...result, topic, workload: describeWorkload(workload) };
  } catch (error) {
    if (delivered > 0) context.warn(`topic ${topic} has received at least ${counted(delivered, 'record')}`);
    throw error;
  } finally {
    context.endLive({ clear: true });
  }
}

function reportTopic(
  { topic, partitions: asked, replicationFactor }: ProduceFlags,
  { partitions, created }: FoundTopic,
  context: CommandContext,
): void {
  if (created) {
    context.log(`created topic ${topic}, ${counted(partitions, 'partition')}`);
    return;
  }
  const ignored = [
    ...(asked === undefined || asked === partitions ? [] : ['--partitions']),
    ...(replicationFactor === undefined ? [] : ['--replication-factor']),
  ];
  for (const flag of ignored) {
    context.warn(`topic ${topic} exists with ${counted(partitions, 'partition')}: ${flag} has no effect`);
  }
}

async function print(
  { interrupted, ...summary }: Produced,
  json: Output | undefined,
  context: CommandContext,
): Promise<void> {
  if (interrupted) context.warn('interrupted: all records sent before have been delivered');
  if (json?.isStandardOutput !== true) context.result(renderProduced(summary));
  await json?.write(() => [produceJson(summary)]);
}
