import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { ClusterError } from '../errors.ts';
import { createTopic, dropTopic } from '../kafka/kafkajs/create-topic.ts';
import { discardGroups } from '../kafka/kafkajs/discard-groups.ts';
import { type Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { renderScenario } from '../report/scenario-summary.ts';
import { instructionHelp } from '../live-run/instructions.ts';
import { groupRules } from '../config/options/group-options.ts';
import type { CommandContext } from './context.ts';
import { LiveRun } from './live-run.ts';
import { addCommand } from './options/add-command.ts';
import { connectionRules } from './options/connection-options.ts';
import { recordedSettings } from './recorded-settings.ts';
import { runGroups } from './run-groups.ts';
import { runOptions, runRules, type RunFlags } from './run-options.ts';
import { retentionRules, topicConfig } from './run-retention.ts';
import { withBrokers } from './with-brokers.ts';

const helpText = `Ctrl-C stops the producer, lets both groups count to the end and verifies every word; a second
Ctrl-C kills the groups. Exit codes: 130 after Ctrl-C, 0 after --duration or \`stop\`, 3 when a
count or the history is wrong.
While it runs, type: ${instructionHelp}

Examples:
  consumer-cluster run
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
  const topic = flags.topic ?? `run-${randomUUID().slice(0, 8)}`;
  const { connection, managed } = brokers;
  const { partitions, timeout: timeoutMs } = flags;
  const groups = await runGroups(flags, connection);
  context.log(`${brokers.label}; topic ${topic}, ${partitions} partitions`);
  if (managed !== undefined) context.log(`data folder of the brokers: ${managed.folder}`);
  const config = topicConfig(flags, brokers);
  await createTopic({ connection, topic, partitions, replicationFactor: undefined, config, timeoutMs });
  try {
    const file = await history?.open();
    const onFileFailure = (error: ClusterError): void => {
      outputs.failed(error);
    };
    const kept = { settings: recordedSettings(flags), onFileFailure, ...(file === undefined ? {} : { file }) };
    const made = new LiveRun(flags, { topic, brokers, groups }, context, !flags.noHistory && kept);
    const outcome = await made.outcome();
    context.result(renderScenario(outcome));
    if (outcome.groups.some(({ differing }) => differing > 0)) {
      throw new ClusterError('verificationFailed', 'the counts of a group differ from the reference');
    }
    if (outcome.groups.some(({ checks }) => checks.some(({ violationsTotal }) => violationsTotal > 0))) {
      throw new ClusterError('verificationFailed', 'the history of a group violates a guarantee');
    }
    if (made.isInterrupted) throw new ClusterError('interrupted', 'interrupted');
  } finally {
    if (flags.topic === undefined) await dropTopic({ connection, topic, timeoutMs }).catch(() => undefined);
    const left = await discardGroups(connection, brokers.managed === undefined ? groups.groupIds : [], timeoutMs);
    if (left !== undefined) context.warn(left);
  }
}
