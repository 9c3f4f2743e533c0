import type { Connection } from '../config/connection.ts';
import { ClusterError } from '../errors.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { readTopicRange } from '../kafka/kafkajs/topic-range.ts';
import type { LiveGroup } from '../live-run/live-groups-options.ts';
import { changelogTopicOf } from '../protocol/changelog-format.ts';
import { renderDurableRun, type DurableGroupOutcome } from '../report/durable-run-text.ts';
import { nowMs } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { changelogCounts } from '../workload/changelog-counts.ts';
import { compareCounts } from '../workload/compare-counts.ts';
import { referenceCounts } from '../workload/reference-counts.ts';
import { verifyChangelog } from '../workload/verify-changelog.ts';
import type { CommandContext } from './context.ts';
import { runWorkload, type EndedRun, type RunVerdict } from './run-verification.ts';
import { counted } from '../numbers.ts';

/** The topic and the groups of a run. */
export interface DurableRunPlace {
  readonly connection: Connection;
  readonly topic: string;
  readonly groups: readonly LiveGroup[];
}

const askMs = 200;
/** Differing words of each group to list. */
const listMax = 5;

/**
 * Resolves when the groups, all processes together, have committed all records that the topic has now.
 * @param options.timeoutMs - longest time without progress
 * @throws ClusterError timeout, brokerUnavailable; the signal's reason
 */
export async function untilCommitted(
  { connection, topic, groups }: DurableRunPlace,
  options: { readonly timeoutMs: number; readonly requestMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { timeoutMs, requestMs, signal } = options;
  const { endOffsets } = await readTopicRange(connection, topic, requestMs);
  const admin = await Admin.connect(connection, { timeoutMs: requestMs });
  const missing = async (groupId: string): Promise<number> => {
    const found = await admin.committedOffsets(groupId, topic);
    const committed = new Map(found.map(({ partition, offset }) => [partition, offset ?? 0]));
    return endOffsets.reduce((sum, end, partition) => sum + Math.max(0, end - (committed.get(partition) ?? 0)), 0);
  };
  try {
    for (const { config } of groups) {
      let [least, deadlineMs] = [Infinity, nowMs() + timeoutMs];
      for (let left = await missing(config.groupId); left > 0; left = await missing(config.groupId)) {
        signal.throwIfAborted();
        if (left < least) [least, deadlineMs] = [left, nowMs() + timeoutMs];
        if (nowMs() > deadlineMs) {
          const seconds = Math.round(timeoutMs / 1_000);
          throw new ClusterError(
            'timeout',
            `group ${config.groupId} has not committed ${counted(left, 'record')} within ${seconds} s`,
          );
        }
        await sleep(askMs);
      }
    }
  } finally {
    await admin.close();
  }
}

/**
 * Compares each group's changelog with its committed offsets and with a recount of the topic, and
 * with the reference when the topic contains the records of this run only.
 */
export async function verifyDurableRun(
  place: DurableRunPlace,
  run: EndedRun,
  context: CommandContext,
): Promise<RunVerdict> {
  const { produced, crashes, durationMs, brokers } = run;
  const { topic } = place;
  context.log('comparing the changelogs with the topic');
  const groups: DurableGroupOutcome[] = [];
  for (const { name, config } of place.groups) {
    const found = await verifyGroup(place, config, run, context);
    groups.push({ name, groupId: config.groupId, crashes: crashes.get(name) ?? 0, ...found });
  }
  const text = renderDurableRun({ topic, produced, durationMs, brokers, groups });
  const isRight = groups.every(({ verified, differing = 0 }) => verified.equal && differing === 0);
  if (isRight) return { text };
  return {
    text,
    error: new ClusterError(
      'verificationFailed',
      'the changelog of a group differs from the topic or from its committed offsets',
    ),
  };
}

async function verifyGroup(
  { connection, topic }: DurableRunPlace,
  { groupId, durable, tokenizer }: LiveGroup['config'],
  { flags, produced, perPartition }: EndedRun,
  { killSignal: signal }: CommandContext,
): Promise<Pick<DurableGroupOutcome, 'changelogTopic' | 'verified' | 'differing'>> {
  const { timeout: timeoutMs } = flags;
  const changelogTopic = durable?.changelogTopic ?? changelogTopicOf(groupId);
  const { partitions, counts } = await changelogCounts(connection, { topic: changelogTopic, timeoutMs, signal });
  const verified = await verifyChangelog({
    ...{ connection, groupId, topic, changelogTopic, tokenizer, timeoutMs, listMax, signal },
  });
  // Another process may produce to the topic, too, or an earlier run has done so.
  const isAlone = partitions.every(({ partition, progress }) => progress?.records === (perPartition[partition] ?? 0));
  if (!isAlone || verified.records !== produced) return { changelogTopic, verified };
  const reference = await referenceCounts(runWorkload, { records: produced, tokenizer, signal });
  return { changelogTopic, verified, differing: compareCounts(counts, reference.counts).differing };
}
