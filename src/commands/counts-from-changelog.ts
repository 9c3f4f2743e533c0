import type { Connection } from '../config/connection.ts';
import { ClusterError } from '../errors.ts';
import { countedTopicOf } from '../kafka/kafkajs/counted-topic-of.ts';
import { readTopicRange, type TopicRange } from '../kafka/kafkajs/topic-range.ts';
import type { Output } from '../output/output.ts';
import { changelogTopicOf } from '../protocol/changelog-format.ts';
import { topOf } from '../report/counts-text.ts';
import { counted } from '../numbers.ts';
import { changelogRanges } from '../workload/changelog-ranges.ts';
import { rankChangelog, type RankedChangelog } from '../workload/rank-changelog.ts';
import type { CommandContext } from './context.ts';
import type { AllCountsFlags } from './counts-options.ts';
import { countsFormats } from './print-counts.ts';

/** Prints the counts of all processes of a durable group, without joining it. */
export async function countsFromChangelog(
  flags: AllCountsFlags & { readonly group: string },
  connection: Connection,
  context: CommandContext,
  output: Output | undefined,
): Promise<void> {
  const { group, timeout: timeoutMs } = flags;
  const changelogTopic = flags.changelogTopic ?? changelogTopicOf(group);
  const topic = flags.topic ?? (await countedTopicOf(connection, group, timeoutMs));
  const present = await readTopicRange(connection, topic, timeoutMs, context.signal).catch(unlessDeleted);
  const top = flags.top ?? countsFormats[flags.format].top;
  const found = await rankChangelog(connection, {
    ...{ topic: changelogTopic, timeoutMs, signal: context.signal, top },
    onProgress: (records) => {
      context.live(`reading ${changelogTopic}: ${counted(records, 'record')}`);
    },
  });
  context.endLive({ clear: true });
  await print(flags, { topic, present, found, top }, output);
}

/** The counts outlive the counted topic. */
function unlessDeleted(error: unknown): undefined {
  if (error instanceof ClusterError && error.code === 'topicUnavailable') return undefined;
  throw error;
}

async function print(
  flags: AllCountsFlags,
  {
    topic,
    present,
    found,
    top,
  }: {
    readonly topic: string;
    readonly present: TopicRange | undefined;
    readonly found: RankedChangelog;
    readonly top: number;
  },
  output: Output | undefined,
): Promise<void> {
  const { render } = countsFormats[flags.format];
  const { ranked, partitions } = found;
  const topicId = partitions.find(({ progress }) => progress?.topicId !== undefined)?.progress?.topicId;
  const summary = {
    ...{ topic, ...(topicId === undefined ? {} : { topicId }), partitions: partitions.length },
    records: partitions.reduce((sum, { progress }) => sum + (progress?.records ?? 0), 0),
    words: partitions.reduce((sum, { words }) => sum + words, 0),
    distinctWords: ranked.distinct,
    ...topOf(top, ranked.distinct),
    ranges: changelogRanges(partitions, present),
  };
  await output?.write(() => render(summary, ranked.entries));
}
