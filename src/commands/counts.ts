import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { restartByDefault } from '../cluster/restart-policy.ts';
import { Supervisor } from '../cluster/supervisor.ts';
import type { Connection } from '../config/connection.ts';
import { WordcountError } from '../errors.ts';
import { discardGroups } from '../kafka/discard-groups.ts';
import { readTopicRange, type TopicRange } from '../kafka/topic-range.ts';
import { type Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { countFormats, renderJson, renderTable, renderTsv, type CountFormat } from '../report/counts-text.ts';
import { renderHeldBack } from '../report/held-back-text.ts';
import { renderLostRecords } from '../report/lost-text.ts';
import { withHint } from '../report/error-text.ts';
import type { CommandContext } from './context.ts';
import { followJoin } from './follow-join.ts';
import { requireFreeGroup } from './free-group.ts';
import { groupConfig } from './group-config.ts';
import { addConnectionOptions, addGroupOptions, countOf, durationOf } from './shared-options.ts';
import { staticMembershipOption, truncationOption } from './shared-options.ts';
import type { ConnectionOptions, GroupOptions, TruncationPolicy } from './shared-options.ts';
import { withBrokers } from './with-brokers.ts';
import { whole } from '../report/numbers.ts';

interface CountsOptions extends ConnectionOptions, GroupOptions {
  readonly topic: string;
  readonly members: number;
  readonly group?: string;
  readonly format: CountFormat;
  readonly top?: number;
  readonly output: string;
  readonly deadline: number;
  readonly onTruncation: TruncationPolicy;
}

const topByDefault = 20;

export function registerCounts(program: Command, context: CommandContext): void {
  const command = program
    .command('counts')
    .description('Counts the words of a topic up to its present end, with a group of members in threads.')
    .requiredOption('-t, --topic <name>', 'the topic to count')
    .option('--members <count>', 'members of the group', countOf('--members', 1, 64), 2)
    .option('--group <id>', 'group id (default: a new one for each count)')
    .addOption(new Option('--format <format>', 'how to print the words').choices(countFormats).default('table'))
    .option(
      '--top <count>',
      `most frequent words only (default: ${topByDefault} in a table, else all)`,
      countOf('--top', 1, 1e9),
    )
    .option('-o, --output <file>', 'write to a file, replaced only when complete; - is stdout', '-')
    .addOption(
      new Option('--deadline <duration>', 'longest time the whole count may take')
        .argParser(durationOf('--deadline'))
        .default(3_600_000, '1h'),
    )
    .addOption(staticMembershipOption())
    .addOption(truncationOption())
    .addHelpText(
      'after',
      `
Order: most frequent first, then by code point. TSV is word, tab, count, behind one comment line (#) with the topic and the
offsets that were counted; \`verify\` recounts exactly those.

Examples:
  consumer-cluster counts --topic books --members 4
  consumer-cluster counts --topic books --format tsv --output words.tsv
  consumer-cluster counts -b 127.0.0.1:9092 -t books --group-protocol consumer --format json | jq '.counts[0]'`,
    );
  addGroupOptions(addConnectionOptions(command)).action(async (options: CountsOptions) => {
    const outputs = new Outputs(context);
    const output = await outputs.plan('--output', options.output);
    await withBrokers(options, context, (brokers) => count(options, brokers, context, output));
    outputs.conclude();
  });
}

async function count(
  options: CountsOptions,
  brokers: ResolvedBrokers,
  context: CommandContext,
  output: Output | undefined,
): Promise<void> {
  const { connection, managed } = brokers;
  const range = await readTopicRange(connection, options.topic, options.timeout);
  if (range.heldBack.length > 0) context.warn(renderHeldBack(range.topic, range.heldBack));
  if (options.group !== undefined) await requireFreeGroup(connection, options.group, options.timeout);
  const groupId = options.group ?? `counts-${randomUUID().slice(0, 8)}`;
  const supervisor = supervisorOf(options, { connection, range, groupId }, context);
  try {
    for (let member = 0; member < options.members; member += 1) supervisor.addMember();
    supervisor.openGate();
    await waitWithProgress(supervisor, { connection, range }, options, context);
    await supervisor.stop('drain');
  } catch (error) {
    await supervisor.stop('kill');
    throw error;
  } finally {
    const made = options.group === undefined && managed === undefined ? [groupId] : [];
    const left = await discardGroups(connection, made, options.timeout);
    if (left !== undefined) context.warn(left);
  }
  await print(supervisor, range, options, output);
}

function supervisorOf(
  options: CountsOptions,
  own: { readonly connection: Connection; readonly range: TopicRange; readonly groupId: string },
  context: CommandContext,
): Supervisor {
  const { connection, range, groupId } = own;
  return new Supervisor({
    topic: options.topic,
    connection,
    group: groupConfig(options, connection.source, { groupId }),
    membersMax: options.members,
    beginOffsets: range.beginOffsets,
    endOffsets: range.endOffsets,
    ...(range.topicId === undefined ? {} : { topicId: range.topicId }),
    onTruncation: options.onTruncation,
    restart: restartByDefault,
    onEvent: (event) => {
      if (event.type === 'notice') context.notice(`member ${event.memberId}: ${event.error.message}`);
      if (event.type === 'topicTrouble') context.warn(withHint(event.error));
      if (event.type === 'recordsLost') context.warn(renderLostRecords(event));
    },
  });
}

async function waitWithProgress(
  supervisor: Supervisor,
  { connection, range }: { readonly connection: Connection; readonly range: TopicRange },
  options: CountsOptions,
  context: CommandContext,
): Promise<void> {
  const sum = (offsets: readonly number[]): number => offsets.reduce((total, offset) => total + offset, 0);
  const total = sum(range.endOffsets) - sum(range.beginOffsets);
  const timer = setInterval(() => {
    const { records } = supervisor.snapshot();
    const percent = total === 0 ? 100 : Math.floor((100 * records) / total);
    context.live(`counting ${options.topic}: ${whole(records)} of ${whole(total)} records, ${percent} %`);
  }, 200);
  const endFollowing = followJoin(connection, [supervisor], context);
  try {
    await supervisor.waitReached({ deadlineMs: options.deadline, signal: context.signal });
  } finally {
    clearInterval(timer);
    endFollowing();
    context.endLive({ clear: true });
  }
}

async function print(
  supervisor: Supervisor,
  range: TopicRange,
  options: CountsOptions,
  output: Output | undefined,
): Promise<void> {
  const { records, words, partitions } = supervisor.snapshot();
  const top = options.top ?? (options.format === 'table' ? topByDefault : Infinity);
  const ranked = supervisor.rankedWords(top);
  if (ranked === undefined)
    throw new WordcountError('internal', 'a table is still being written after all members left');
  const { distinct, entries } = ranked;
  const { topic, topicId, beginOffsets, endOffsets } = range;
  const ranges = endOffsets.map((end, partition) => ({
    ...{ partition, begin: beginOffsets[partition] ?? 0, end },
    records: partitions[partition]?.records ?? 0,
  }));
  const facts = { topic, ...(topicId === undefined ? {} : { topicId }), partitions: endOffsets.length };
  const summary = { ...facts, records, words, distinctWords: distinct, ranges };
  const text = (): Iterable<string> =>
    options.format === 'tsv'
      ? renderTsv(summary, entries)
      : options.format === 'json'
        ? renderJson(summary, entries)
        : renderTable(summary, entries);
  await output?.write(text);
}
