import type { Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { ClusterError } from '../errors.ts';
import { discardTopic } from '../kafka/kafkajs/create-topic.ts';
import { discardGroups } from '../kafka/kafkajs/discard-groups.ts';
import { type Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { instructionHelp } from '../live-run/instructions.ts';
import { groupRules } from '../config/options/group-options.ts';
import type { CommandContext } from './context.ts';
import { LiveRun } from './live-run.ts';
import { addCommand } from './options/add-command.ts';
import { connectionRules } from './options/connection-options.ts';
import { recordedSettings } from './recorded-settings.ts';
import { runGroups } from './run-groups.ts';
import { runOptions, runRules, type RunFlags } from './run-options.ts';
import { retentionRules } from './run-retention.ts';
import { openRunTopic, runTopicName } from './run-topic.ts';
import { withBrokers } from './with-brokers.ts';
import { counted } from '../numbers.ts';

const helpText = `Ctrl-C stops the producer, lets both groups count to the end and verifies every word; a second
Ctrl-C kills the groups. Exit codes: 130 after Ctrl-C, 0 after --duration or \`stop\`, 3 when a
count or the history is wrong.
While it runs, type: ${instructionHelp}
With --durable --group G the counts are kept in Kafka: a second \`run --durable --group G\` shares the
partitions, and \`counts --durable --group G-a -t G-records\` joins group A.

Examples:
  consumer-cluster run
  consumer-cluster run --durable --group lab
  consumer-cluster run --duration 30s --group-protocol consumer --rate 20000
  (sleep 5; echo kill A0; sleep 5; echo kill-broker 1) | consumer-cluster run --duration 20s`;

export function registerRun(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'run',
    description: 'Runs groups A and B on one topic, each at its own pace, while a producer fills it.',
    options: runOptions,
    rules: [...connectionRules, ...groupRules, ...retentionRules, ...runRules],
    helpText,
    run: async (flags) => {
      const outputs = new Outputs(context);
      const history = await outputs.plan('--event-log', flags.eventLog, { isPrivate: true });
      await withBrokers(flags, context, (brokers) => run({ flags, brokers, outputs, history }, context));
      outputs.conclude();
    },
  });
}

interface RunFacts {
  readonly flags: RunFlags;
  readonly brokers: ResolvedBrokers;
  readonly outputs: Outputs;
  /** The file of --event-log. */
  readonly history: Output | undefined;
}

async function run({ flags, brokers, outputs, history }: RunFacts, context: CommandContext): Promise<void> {
  const name = runTopicName(flags);
  const { connection, managed } = brokers;
  const { durable, timeout: timeoutMs } = flags;
  const groups = await runGroups(flags, connection);
  if (managed !== undefined) context.log(`data folder of the brokers: ${managed.folder}`);
  const topic = await openRunTopic(flags, brokers, { topic: name, groups: groups.groups });
  context.log(`${brokers.label}; topic ${name}, ${counted(topic.beginOffsets.length, 'partition')}`);
  if (durable) context.log(renderKept(groups.groupIds, managed !== undefined));
  try {
    const file = await history?.open();
    const onFileFailure = (error: ClusterError): void => {
      outputs.failed(error);
    };
    const kept = { settings: recordedSettings(flags), onFileFailure, ...(file === undefined ? {} : { file }) };
    const withoutHistory = flags.noHistory || durable;
    const made = new LiveRun(flags, { topic, brokers, groups }, context, !withoutHistory && kept);
    const { text, error } = await made.outcome();
    context.result(text);
    if (error !== undefined) throw error;
    if (made.isInterrupted) throw new ClusterError('interrupted', 'interrupted');
  } finally {
    // Brokers that this run has started are deleted with their data.
    if (!durable && managed === undefined) {
      const isMade = flags.topic === undefined;
      const topicLeft = isMade ? await discardTopic({ connection, topic: name, timeoutMs }) : undefined;
      const groupsLeft = await discardGroups(connection, groups.groupIds, timeoutMs);
      for (const left of [topicLeft, groupsLeft]) if (left !== undefined) context.warn(left);
    }
  }
}

/** What of a durable run other processes can join, and later runs find again. */
function renderKept(groupIds: readonly string[], endsWithRun: boolean): string {
  const groups = `durable groups ${groupIds.join(' and ')}`;
  if (!endsWithRun) return `${groups}: the topic, the changelogs and the groups are kept`;
  return `${groups}: these brokers end with the run, and the counts with them; start \`consumer-cluster brokers\` first to keep them`;
}
