import type { Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { restartByDefault } from '../cluster/restart-policy.ts';
import type { Supervisor } from '../cluster/supervisor.ts';
import { openTopicGroup, type TopicGroup } from '../cluster/topic-group.ts';
import type { Connection } from '../config/connection.ts';
import { groupConfig } from '../config/group-config.ts';
import { namesOf } from '../config/names-of.ts';
import { groupOptions, groupRules, staticMembershipOption, truncationOption } from '../config/options/group-options.ts';
import { defineOption, type FlagsOf } from '../config/options/option.ts';
import { anyDuration, anyText, countFrom, oneOfList } from '../config/options/values.ts';
import { ClusterError, withHint } from '../errors.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';
import { type Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { renderJson, renderTable, renderTsv } from '../report/counts-text.ts';
import { renderHeldBack } from '../workload/held-back-text.ts';
import { renderLostRecords } from '../report/lost-text.ts';
import { whole } from '../results/numbers.ts';
import type { CommandContext } from './context.ts';
import { followJoin } from './follow-join.ts';
import { addCommand } from './options/add-command.ts';
import { connectionOptions, connectionRules } from './options/connection-options.ts';
import { withBrokers } from './with-brokers.ts';

const tableRows = 20;

/** How words are printed, by --format; `top` is the default of --top. */
const formats = {
  table: { render: renderTable, top: tableRows },
  tsv: { render: renderTsv, top: Infinity },
  json: { render: renderJson, top: Infinity },
} as const;

const countsOptions = {
  topic: defineOption({ flag: '-t, --topic <name>', help: 'topic to count', value: anyText, isRequired: true }),
  members: defineOption({
    flag: '--members <count>',
    help: 'members of the group',
    value: countFrom(1, 64),
    default: 2,
  }),
  group: defineOption({
    flag: '--group <id>',
    help: 'group id; the group must not have other members',
    value: anyText,
    defaultText: 'a new id for each count',
  }),
  format: defineOption({
    flag: '--format <format>',
    help: 'format of the words',
    value: oneOfList(namesOf(formats)),
    default: 'table',
  }),
  top: defineOption({
    flag: '--top <count>',
    help: 'print only the most frequent words',
    value: countFrom(1, 1e9),
    defaultText: `${tableRows} in a table, otherwise all`,
  }),
  output: defineOption({
    flag: '-o, --output <file>',
    help: 'file to write, replaced only when complete; - is stdout',
    value: anyText,
    default: '-',
  }),
  deadline: defineOption({
    flag: '--deadline <duration>',
    help: 'longest time for the whole count',
    value: anyDuration,
    default: 3_600_000,
  }),
  staticMembership: staticMembershipOption,
  onTruncation: truncationOption,
  ...connectionOptions,
  ...groupOptions,
};
type CountsFlags = FlagsOf<typeof countsOptions>;

const helpText = `Order: most frequent first, then by code point. TSV has a comment line (#) with the topic and the
counted offsets, then a word, a tab and its count in each line; \`verify\` recounts exactly these
offsets.

Examples:
  consumer-cluster counts --topic books --members 4
  consumer-cluster counts --topic books --format tsv --output words.tsv
  consumer-cluster counts -b 127.0.0.1:9092 -t books --group-protocol consumer --format json | jq '.counts[0]'`;

export function registerCounts(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'counts',
    description: 'Counts the words of a topic up to its current end, with a consumer group in worker threads.',
    options: countsOptions,
    rules: [...connectionRules, ...groupRules],
    helpText,
    run: async (flags) => {
      const outputs = new Outputs(context);
      const output = await outputs.plan('--output', flags.output);
      await withBrokers(flags, context, (brokers) => count(flags, brokers, context, output));
      outputs.conclude();
    },
  });
}

async function count(
  flags: CountsFlags,
  brokers: ResolvedBrokers,
  context: CommandContext,
  output: Output | undefined,
): Promise<void> {
  const group = await openGroup(flags, brokers, context);
  const { supervisor, range } = group;
  if (range.heldBack.length > 0) context.warn(renderHeldBack(range.topic, range.heldBack));
  let how: 'drain' | 'kill' = 'kill';
  try {
    for (let member = 0; member < flags.members; member += 1) supervisor.addMember();
    supervisor.openGate();
    await waitWithProgress(supervisor, { connection: brokers.connection, range }, flags, context);
    how = 'drain';
  } finally {
    const left = await group.close(how);
    if (left !== undefined) context.warn(left);
  }
  await print(supervisor, range, flags, output);
}

function openGroup(
  flags: CountsFlags,
  { connection, managed }: ResolvedBrokers,
  context: CommandContext,
): Promise<TopicGroup> {
  return openTopicGroup({
    ...{ connection, topic: flags.topic, groupId: flags.group, prefix: 'counts', toEnd: true },
    group: (groupId) => groupConfig(flags, connection.source, { groupId }),
    // Brokers that this command has started are deleted as a whole.
    discard: managed === undefined,
    timeoutMs: flags.timeout,
    membersMax: flags.members,
    onTruncation: flags.onTruncation,
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
  flags: CountsFlags,
  context: CommandContext,
): Promise<void> {
  const sum = (offsets: readonly number[]): number => offsets.reduce((total, offset) => total + offset, 0);
  const total = sum(range.endOffsets) - sum(range.beginOffsets);
  const timer = setInterval(() => {
    const { records } = supervisor.snapshot();
    const percent = total === 0 ? 100 : Math.floor((100 * records) / total);
    context.live(`counting ${flags.topic}: ${whole(records)} of ${whole(total)} records, ${percent} %`);
  }, 200);
  const endFollowing = followJoin(connection, [supervisor], context);
  try {
    await supervisor.waitReached({ timeoutMs: flags.deadline, signal: context.signal });
  } finally {
    clearInterval(timer);
    endFollowing();
    context.endLive({ clear: true });
  }
}

async function print(
  supervisor: Supervisor,
  range: TopicRange,
  flags: CountsFlags,
  output: Output | undefined,
): Promise<void> {
  const { records, words, partitions } = supervisor.snapshot();
  const { render, top } = formats[flags.format];
  const ranked = supervisor.rankedWords(flags.top ?? top);
  if (ranked === undefined)
    throw new ClusterError('internal', 'a table is still being written after all members have left');
  const { distinct, entries } = ranked;
  const { topic, topicId, beginOffsets, endOffsets } = range;
  const ranges = endOffsets.map((end, partition) => ({
    ...{ partition, begin: beginOffsets[partition] ?? 0, end },
    records: partitions[partition]?.records ?? 0,
  }));
  const facts = { topic, ...(topicId === undefined ? {} : { topicId }), partitions: endOffsets.length };
  const summary = { ...facts, records, words, distinctWords: distinct, ranges };
  await output?.write(() => render(summary, entries));
}
