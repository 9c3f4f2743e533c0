import assert from 'node:assert/strict';
import type { Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { groupRules } from '../config/options/group-options.ts';
import type { Output } from '../output/output.ts';
import { Outputs } from '../output/outputs.ts';
import type { CommandContext } from './context.ts';
import { countTopic } from './count-topic.ts';
import { countsOptions, countsRules, type AllCountsFlags } from './counts-options.ts';
import { followTopic } from './follow-topic.ts';
import { addCommand } from './options/add-command.ts';
import { connectionRules } from './options/connection-options.ts';
import { withBrokers } from './with-brokers.ts';

const helpText = `Order: most frequent first, then by code point. TSV has a comment line (#) with the topic and the
counted offsets, then a word, a tab and its count in each line; \`verify\` recounts exactly these
offsets.
--follow reads the topic from its beginning, as without it, and then waits for new records and for
new partitions. Ctrl-C ends it: the members finish their batches and leave, the counts so far are
printed, and the exit code is 0. When the brokers do not respond, it ends within about 3 s. A second
Ctrl-C ends it at once, without counts (130). A group that fails prints what it has counted, too.
--from-changelog prints the counts of a group that counts with --durable, each partition as of its
last commit. It works while processes count, and after all of them have ended.

Examples:
  consumer-cluster counts --topic books --members 4
  consumer-cluster counts --topic books --follow --duration 8h --output words.txt
  consumer-cluster counts --from-changelog --group books-count --top 100
  consumer-cluster counts --topic books --format tsv --output words.tsv
  consumer-cluster counts -b 127.0.0.1:9092 -t books --group-protocol consumer --format json | jq '.counts[0]'`;

export function registerCounts(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'counts',
    description:
      'Counts the words of a topic up to its current end, or until stopped, with a consumer group in worker threads.',
    options: countsOptions,
    rules: [...connectionRules, ...groupRules, ...countsRules],
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
  flags: AllCountsFlags,
  brokers: ResolvedBrokers,
  context: CommandContext,
  output: Output | undefined,
): Promise<void> {
  const { topic, group, fromChangelog, follow } = flags;
  if (fromChangelog && group !== undefined) {
    // Loaded here, so that --help loads no decompression.
    const { countsFromChangelog } = await import('./counts-from-changelog.ts');
    await countsFromChangelog({ ...flags, group }, brokers.connection, context, output);
    return;
  }
  // The rules refuse a command line without it.
  assert(topic !== undefined);
  await (follow ? followTopic : countTopic)({ ...flags, topic }, brokers, context, output);
}
