import type { Connection } from '../config/connection.ts';
import { toClusterError } from '../errors.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import type { RunReport } from '../results/report-parts.ts';
import { changelogCounts, type ChangelogCounts } from '../workload/changelog-counts.ts';
import { committedDifferences, readCommittedOffsets } from '../workload/committed-differences.ts';
import type { LaneTarget } from './lane-target.ts';
import { wordDifferences } from './verify-run.ts';

interface RunChangelogOptions {
  readonly connection: Connection;
  readonly topic: string;
  /** A group without members. */
  readonly groupId: string;
  readonly changelogTopic: string;
  readonly target: LaneTarget;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type ChangelogFacts = NonNullable<RunReport['changelog']>;

interface RunChangelog {
  readonly changelog: ChangelogFacts;
  /** One line each; empty when words, progress and committed offsets are as expected. */
  readonly differences: readonly string[];
}

/**
 * Reads the changelog of a finished run, with another client than its members used, and compares it
 * with the expected result and with the committed offsets of the group.
 * @throws ClusterError as readChangelog does
 */
export async function verifyRunChangelog(options: RunChangelogOptions): Promise<RunChangelog> {
  const { connection, topic, groupId, changelogTopic, target, timeoutMs, signal } = options;
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    const readCommitted = () => readCommittedOffsets(admin, groupId, topic);
    const before = await readCommitted();
    const found = await changelogCounts(connection, { topic: changelogTopic, timeoutMs, signal });
    const nextOffsets = new Map(
      found.partitions.flatMap(({ partition, progress }) =>
        progress === undefined ? [] : [[partition, progress.nextOffset] as const],
      ),
    );
    const committed = await committedDifferences(before, nextOffsets, readCommitted);
    return {
      changelog: changelogFacts(found),
      differences: [
        ...changelogRunDifferences(found, target),
        ...committed.map(
          ({ partition, changelog = 'none', group = 'none' }) =>
            `committed offset of partition ${partition}: ${group}, in the changelog ${changelog}`,
        ),
      ],
    };
  } catch (error) {
    const { code, message } = toClusterError(error);
    // The counts of a partition do not add up to its progress, or a record is not a count.
    if (code !== 'input') throw error;
    return { changelog: { transactions: 0, records: 0, bytes: 0 }, differences: [message] };
  } finally {
    await admin.close();
  }
}

/** Pure: the size of a changelog. A member numbers its transactions, and each partition names its last one. */
export function changelogFacts({ partitions }: Pick<ChangelogCounts, 'partitions'>): ChangelogFacts {
  const commits = new Map<number, number>();
  for (const { progress } of partitions) {
    if (progress === undefined) continue;
    commits.set(progress.writer, Math.max(progress.commit, commits.get(progress.writer) ?? 0));
  }
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    transactions: sum([...commits.values()]),
    records: sum(partitions.map(({ read }) => read.records)),
    bytes: sum(partitions.map(({ read }) => read.bytes)),
  };
}

/** Pure: all differences between the changelog of a finished run and the expected result. */
export function changelogRunDifferences(
  { counts, partitions }: ChangelogCounts,
  { reference, beginOffsets, endOffsets }: LaneTarget,
): string[] {
  const lines: string[] = [];
  let records = 0;
  for (const { partition, progress } of partitions) {
    const end = endOffsets[partition] ?? 0;
    // A partition without records has no commit.
    const next = progress?.nextOffset ?? beginOffsets[partition] ?? 0;
    if (next !== end) lines.push(`changelog, next offset of partition ${partition}: ${next}, ${end} expected`);
    records += progress?.records ?? 0;
  }
  if (records !== reference.records) lines.push(`changelog, records: ${records}, ${reference.records} expected`);
  return [...lines, ...wordDifferences(counts, reference.counts).map((line) => `changelog, ${line}`)];
}
