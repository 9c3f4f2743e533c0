import { changelogTopicOf } from '../protocol/changelog-format.ts';
import { durableDefaults } from '../config/group.ts';
import { ensureChangelogTopic } from '../kafka/kafkajs/changelog-topic.ts';
import { discardTopic } from '../kafka/kafkajs/create-topic.ts';
import type { RunReport } from '../results/report-parts.ts';
import type { BenchProgress } from './bench-topic.ts';
import { runOnce, type RunOptions } from './run-once.ts';
import { verifyRunChangelog } from './verify-run-changelog.ts';

interface DurableRunOptions {
  readonly commitIntervalMs: number;
  /** Longest time that brokers may take to respond. */
  readonly timeoutMs: number;
  readonly progress: Pick<BenchProgress, 'live' | 'warn'>;
}

/**
 * Makes one run of a group that keeps its counts in a new changelog. Afterwards the changelog is
 * read back, compared with the reference and with the committed offsets, and deleted.
 * @throws ClusterError of runOnce, of ensureChangelogTopic and of readChangelog; the signal's reason
 */
export async function runDurable(
  options: RunOptions,
  { commitIntervalMs, timeoutMs, progress }: DurableRunOptions,
): Promise<RunReport> {
  const { connection, topic, target, group, signal } = options;
  const { groupId } = group;
  const changelogTopic = changelogTopicOf(groupId);
  const partitions = target.endOffsets.length;
  try {
    await ensureChangelogTopic(connection, { topic: changelogTopic, source: topic, partitions, timeoutMs });
    const durable = { ...durableDefaults, changelogTopic };
    const run = await runOnce({ ...options, group: { ...group, commitIntervalMs, durable } });
    progress.live(`reading back ${changelogTopic}`);
    const { changelog, differences } = await verifyRunChangelog({
      ...{ connection, topic, groupId, changelogTopic, target, timeoutMs, signal },
    });
    if (differences.length === 0) return { ...run, changelog };
    return { ...run, changelog, verified: false, differences: [...(run.differences ?? []), ...differences] };
  } finally {
    const left = await discardTopic({ connection, topic: changelogTopic, timeoutMs });
    if (left !== undefined) progress.warn(left);
  }
}
