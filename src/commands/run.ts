import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { WordcountError } from '../errors.ts';
import { createTopic, dropTopic } from '../kafka/create-topic.ts';
import { discardGroups } from '../kafka/discard-groups.ts';
import { type Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import { renderScenario } from '../report/scenario-summary.ts';
import { instructionHelp } from '../scenario/instructions.ts';
import type { CommandContext } from './context.ts';
import { recordedSettings } from './recorded-settings.ts';
import { runGroups } from './run-groups.ts';
import { addConnectionOptions, addGroupOptions, countOf, durationOf } from './shared-options.ts';
import { staticMembershipOption, truncationOption } from './shared-options.ts';
import { retainOption, topicConfig } from './run-retention.ts';
import { withBrokers } from './with-brokers.ts';
import { LiveRun, type RunOptions } from './live-run.ts';

export function registerRun(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('Groups A and B on one topic, each at its own pace, while a producer feeds it; until stopped.')
    .option(
      '-t, --topic <name>',
      'name of the topic, which is made for the run (default: a new name, deleted afterwards)',
    )
    .option('--partitions <count>', 'partitions of the topic', countOf('--partitions', 1, 1_000), 4)
    .option('--members-a <count>', 'members of group A, which counts at full speed', countOf('--members-a', 1, 64), 2)
    .option('--members-b <count>', 'members of group B, which serves each record', countOf('--members-b', 1, 64), 4)
    .option('--standby <count>', 'members of B beyond those', countOf('--standby', 0, 64), 1)
    .option('--work-us <microseconds>', 'service time of a record in B', countOf('--work-us', 0, 10_000_000), 200)
    .option('--rate <records>', 'records a second that the producer feeds', countOf('--rate', 1, 1e9), 5_000)
    .option('--duration <duration>', 'end after this time (default: run until stopped)', durationOf('--duration'))
    .addOption(retainOption())
    .option('--top <count>', 'most frequent words to show', countOf('--top', 0, 50), 5)
    .option('--history <file>', 'keep the recorded history in a file, a JSON line an event')
    .option('--no-history', 'record no history, and check the counts only')
    .addOption(staticMembershipOption())
    .addOption(truncationOption())
    .addHelpText(
      'after',
      `
Ctrl-C ends the feed, lets both groups count to the end, and compares every word; a second one kills. The exit
code is 130 then; it is 0 after --duration or the line stop, and 3 when a word or the history is wrong.
While it runs, type: ${instructionHelp}

Examples:
  consumer-cluster run
  consumer-cluster run --duration 30s --group-protocol consumer --rate 20000
  (sleep 5; echo kill A0; sleep 5; echo kill-broker 1) | consumer-cluster run --duration 20s`,
    );
  addGroupOptions(addConnectionOptions(command)).action(async (options: RunOptions) => {
    const outputs = new Outputs(context);
    const path = typeof options.history === 'string' ? options.history : undefined;
    const history = await outputs.plan('--history', path, { isPrivate: true });
    await withBrokers(options, context, (brokers) => run({ options, brokers, outputs, history }, context));
    outputs.conclude();
  });
}

interface RunFacts {
  readonly options: RunOptions;
  readonly brokers: ResolvedBrokers;
  readonly outputs: Outputs;
  /** Where the history goes, when it is kept. */
  readonly history: Output | undefined;
}

async function run({ options, brokers, outputs, history }: RunFacts, context: CommandContext): Promise<void> {
  const topic = options.topic ?? `run-${randomUUID().slice(0, 8)}`;
  const { connection, managed } = brokers;
  const { partitions, timeout: timeoutMs } = options;
  const groups = await runGroups(options, connection);
  context.log(`${brokers.label}; topic ${topic}, ${partitions} partitions`);
  if (managed !== undefined) context.log(`the brokers keep their data in ${managed.folder}`);
  const config = topicConfig(options, brokers);
  await createTopic({ connection, topic, partitions, replicationFactor: undefined, config, timeoutMs });
  try {
    const file = await history?.open();
    const onFileFailure = (error: WordcountError): void => {
      outputs.failed(error);
    };
    const kept = { settings: recordedSettings(options), onFileFailure, ...(file === undefined ? {} : { file }) };
    const made = new LiveRun(options, { topic, brokers, groups }, context, options.history !== false && kept);
    const outcome = await made.outcome();
    context.result(renderScenario(outcome));
    if (outcome.groups.some(({ differing }) => differing > 0)) {
      throw new WordcountError('verificationFailed', 'the counts of a group differ from the reference');
    }
    if (outcome.groups.some(({ checks }) => checks.some(({ violationsTotal }) => violationsTotal > 0))) {
      throw new WordcountError('verificationFailed', 'the history of a group violates what was promised');
    }
    if (made.isInterrupted) throw new WordcountError('interrupted', 'interrupted');
  } finally {
    if (options.topic === undefined) await dropTopic({ connection, topic, timeoutMs }).catch(() => undefined);
    const left = await discardGroups(connection, brokers.managed === undefined ? groups.groupIds : [], timeoutMs);
    if (left !== undefined) context.warn(left);
  }
}
