import { Option, type Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { Connection } from '../config/connection.ts';
import { compressions, type Compression } from '../config/producer-properties.ts';
import { WordcountError } from '../errors.ts';
import { Admin } from '../kafka/admin.ts';
import { createTopic, dropTopic } from '../kafka/create-topic.ts';
import { type Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { produceJson, renderProduced, renderProduceState } from '../report/produce-text.ts';
import { chooseWorkload, zipfDefaults } from '../workload/choose-workload.ts';
import { produceToTopic, type ProduceResult } from '../workload/produce-to-topic.ts';
import { keyKinds, type KeyKind } from '../workload/record-keys.ts';
import { describeWorkload, type Workload } from '../workload/workload.ts';
import type { CommandContext } from './context.ts';
import { addConnectionOptions, countOf, type ConnectionOptions } from './shared-options.ts';
import { withBrokers } from './with-brokers.ts';
import { addWorkloadOptions, type WorkloadFlags } from './workload-options.ts';

interface ProduceFlags extends ConnectionOptions, WorkloadFlags {
  readonly topic: string;
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly key: KeyKind;
  readonly compression: Compression;
  readonly rate?: number;
  readonly json?: string;
}

const recordsByDefault = 1_000_000;
const partitionsByDefault = 4;

export function registerProduce(program: Command, context: CommandContext): void {
  const command = program
    .command('produce')
    .description('Fills a topic, from files, from a book or with seeded words; each record arrives once, or it fails.')
    .requiredOption('-t, --topic <name>', 'the topic; it is created when there is none')
    .option(
      '--partitions <count>',
      `of a new topic (default: ${partitionsByDefault})`,
      countOf('--partitions', 1, 10_000),
    )
    .option(
      '--replication-factor <count>',
      'of a new topic (default: 2, or 1 where there is one broker)',
      countOf('--replication-factor', 1, 100),
    );
  addWorkloadOptions(command)
    .addOption(
      new Option('--key <kind>', 'what decides the partition; none: each in turn').choices(keyKinds).default('none'),
    )
    .addOption(new Option('--compression <codec>', 'of the batches').choices(compressions).default('none'))
    .option(
      '--rate <records>',
      'records a second, on a schedule (default: as fast as it goes)',
      countOf('--rate', 1, 1e9),
    )
    .option('--json <file>', 'write the result as JSON; - is stdout')
    .addHelpText('after', helpText);
  addConnectionOptions(command).action(async (flags: ProduceFlags) => {
    // Bad input shows before any broker is started or asked.
    const workload = await chooseWorkload(withSeedAlone(flags));
    const outputs = new Outputs(context);
    for (const path of flags.input ?? []) outputs.protect('--input', path);
    const json = await outputs.plan('--json', flags.json);
    const result = await withBrokers(flags, context, (brokers) => produce(flags, workload, brokers, context));
    await print(result, json, context);
    outputs.conclude(result.interrupted ? new WordcountError('interrupted', 'interrupted') : undefined);
  });
}

const helpText = `
A line is a record, without its line end; empty lines are empty records. Without --input and seeded words the records are
the lines of Moby-Dick, of 66 bytes on average. --num-records is ${recordsByDefault} by default, or each line of --input once.
Keys: line-number, or first-word, partitioned as Java's client does (murmur2).

Examples:
  consumer-cluster produce --topic books --num-records 10m
  consumer-cluster produce --topic logs --input /var/log/app --partitions 8 --compression lz4
  consumer-cluster produce -t zipf --vocabulary 1m --record-bytes 200 --seed 7 --rate 50k`;

/** A seed alone asks for seeded words too. */
function withSeedAlone(flags: ProduceFlags): ProduceFlags {
  const alone = flags.seed !== undefined && flags.input === undefined;
  return alone ? { ...flags, vocabulary: flags.vocabulary ?? zipfDefaults.vocabulary } : flags;
}

type Produced = ProduceResult & { readonly topic: string; readonly partitions: number; readonly workload: string };

async function produce(
  flags: ProduceFlags,
  workload: Workload,
  brokers: ResolvedBrokers,
  context: CommandContext,
): Promise<Produced> {
  const { connection } = brokers;
  const { topic } = flags;
  context.log(`${brokers.label}; ${describeWorkload(workload)}`);
  const { partitions, created } = await prepareTopic(flags, brokers, context);
  const records = flags.numRecords ?? (workload.type === 'files' ? 'once' : recordsByDefault);
  const startMs = performance.now();
  let delivered = 0;
  let result: ProduceResult;
  try {
    result = await produceToTopic({
      connection,
      topic,
      partitions,
      workload,
      records,
      key: flags.key,
      compression: flags.compression,
      timeoutMs: flags.timeout,
      signal: context.signal,
      ...(flags.rate === undefined ? {} : { rate: flags.rate }),
      onProgress: (progress) => {
        ({ delivered } = progress);
        const elapsedMs = performance.now() - startMs;
        const known = records === 'once' ? undefined : records;
        context.live(renderProduceState({ topic, delivered, records: known, elapsedMs }));
      },
    });
  } catch (error) {
    if (created && delivered === 0) await drop(flags, brokers);
    else if (delivered > 0) context.warn(`topic ${topic} has taken ${delivered} records or more`);
    throw error;
  } finally {
    context.endLive({ clear: true });
  }
  if (result.records === 0 && created) await drop(flags, brokers);
  return { ...result, topic, partitions, workload: describeWorkload(workload) };
}

async function print(
  { interrupted, ...summary }: Produced,
  json: Output | undefined,
  context: CommandContext,
): Promise<void> {
  if (interrupted) context.warn('interrupted: what was sent by then has arrived');
  if (json?.isStandardOutput !== true) context.result(renderProduced(summary));
  await json?.write(() => [produceJson(summary)]);
}

/** Finds or creates the topic. @returns its partitions, and whether it is of our making */
async function prepareTopic(
  flags: ProduceFlags,
  { connection }: ResolvedBrokers,
  context: CommandContext,
): Promise<{ readonly partitions: number; readonly created: boolean }> {
  const { topic, replicationFactor, timeout: timeoutMs } = flags;
  const existing = await partitionsOf(flags, connection);
  if (existing === undefined) {
    const partitions = flags.partitions ?? partitionsByDefault;
    await createTopic({ connection, topic, partitions, replicationFactor, timeoutMs });
    context.log(`created topic ${topic}, ${partitions} partitions`);
    return { partitions, created: true };
  }
  if (flags.partitions !== undefined && flags.partitions !== existing) {
    context.warn(`topic ${topic} exists with ${existing} partitions, not ${flags.partitions}: it is used as it is`);
  }
  return { partitions: existing, created: false };
}

/** @returns undefined when there is no such topic @throws WordcountError topicUnavailable when it has no leader */
async function partitionsOf({ topic, timeout }: ProduceFlags, connection: Connection): Promise<number | undefined> {
  const admin = await Admin.connect(connection, { timeoutMs: timeout });
  try {
    if ((await admin.topic(topic)) === undefined) return undefined;
    // A partition without a leader, which takes no record, is found here and not after the delivery timeout.
    return (await admin.offsets(topic)).length;
  } finally {
    await admin.close();
  }
}

async function drop({ topic, timeout: timeoutMs }: ProduceFlags, { connection }: ResolvedBrokers): Promise<void> {
  // When the brokers are gone, the error that led here says more.
  await dropTopic({ connection, topic, timeoutMs }).catch(() => undefined);
}
