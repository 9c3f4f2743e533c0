import type { Supervisor } from '../cluster/supervisor.ts';
import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import { faultOf } from './faults/all-faults.ts';
import { collectEvidence } from '../live-run/collect-evidence.ts';
import type { Evidence } from '../verify/check.ts';
import { compareCounts } from '../workload/compare-counts.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import { referenceCounts } from '../workload/reference-counts.ts';
import type { WeightedFeed } from '../workload/weighted-feed.ts';
import { comesToRest, type RunPlan } from './run-plan.ts';

export interface RunEvidenceOptions {
  readonly plan: RunPlan;
  readonly supervisor: Supervisor;
  readonly feed: WeightedFeed;
  readonly connection: Connection;
  readonly topic: string;
  readonly group: GroupConfig;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Evidence on a run besides its history, collected when all members have ended and all faults are
 * healed.
 */
export async function runEvidence(options: RunEvidenceOptions): Promise<Evidence> {
  const { plan, feed, group, supervisor } = options;
  const { mode, faults, partitions } = plan;
  // In safety mode the group was stopped at an arbitrary offset, which the generator does not know.
  const generated = comesToRest[mode] && feed.certain ? await expectedCounts(feed, group.tokenizer) : undefined;
  const unreadable =
    faults.some(({ kind }) => faultOf(kind).deletesRecords === true) || options.connection.source === 'mock';
  if (unreadable) return wordsOnly(supervisor, generated);
  const evidence = await collectEvidence({
    ...options,
    beginOffsets: Array.from({ length: partitions }, () => 0),
    acknowledged: feed.recordsByPartition,
    ...(generated === undefined ? {} : { generated }),
  });
  return comesToRest[mode] ? evidence : withoutLastCommits(evidence);
}

/**
 * Evidence when the topic can't be reread from its beginning: only the generator's words are
 * compared.
 */
function wordsOnly(supervisor: Supervisor, generated: ReadonlyMap<string, number> | undefined): Evidence {
  const counts = supervisor.counts();
  if (generated === undefined) return {};
  if (counts === undefined) return { words: { differing: 1, differences: ['a table could not be read'] } };
  const { missing, extra, different, differing } = compareCounts(counts, generated, 5);
  const differences = [...missing, ...extra, ...different].map(
    ({ word, count, reference }) => `${JSON.stringify(word.slice(0, 40))}: ${count} counted, ${reference} generated`,
  );
  return { words: { differing, differences } };
}

/** Members that were killed have not committed their last offsets. */
function withoutLastCommits(evidence: Evidence): Evidence {
  const partitions = (evidence.partitions ?? []).map((entry) => {
    const { partition, table, read, endOffset } = entry;
    return { partition, table, read, ...(endOffset === undefined ? {} : { endOffset }) };
  });
  return { ...evidence, partitions };
}

/** Expected word counts of a feed, computed from the generator alone, without reading Kafka. */
export async function expectedCounts(feed: WeightedFeed, tokenizer: Tokenizer): Promise<Map<string, number>> {
  const book = await referenceCounts({ type: 'book' }, { records: [...feed.ofBook], tokenizer });
  const counts = new Map(book.counts);
  for (const [word, count] of feed.extra.counts) counts.set(word, (counts.get(word) ?? 0) + count);
  for (const [word, count] of feed.wordsDeleted) {
    const left = (counts.get(word) ?? 0) - count;
    if (left === 0) counts.delete(word);
    else counts.set(word, left);
  }
  return counts;
}
