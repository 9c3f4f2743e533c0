import { changelogDifferenceText } from '../../report/verify-changelog-text.ts';
import { compareCounts } from '../../workload/compare-counts.ts';
import { verifyChangelog, type VerifyChangelogOptions } from '../../workload/verify-changelog.ts';
import type { WeightedFeed } from '../../workload/weighted-feed.ts';
import { expectedCounts } from '../run-evidence.ts';
import type { ChangelogState } from './changelog-state.ts';

const listMax = 5;

interface FinalOptions extends Omit<VerifyChangelogOptions, 'listMax'> {
  readonly feed: WeightedFeed;
  /** What a reader has seen of the changelog. */
  readonly states: readonly ChangelogState[];
}

/**
 * Compares the changelog with a recount of the topic, with the committed offsets, and with what was
 * produced.
 * @returns a line for each difference
 */
export async function finalDifferences({ feed, states, ...options }: FinalOptions): Promise<string[]> {
  const { differences, hasCommitted } = await verifyChangelog({ ...options, listMax });
  const counts = new Map<string, number>();
  for (const { words } of states) {
    for (const [word, count] of words) counts.set(word, (counts.get(word) ?? 0) + count);
  }
  const { missing, extra, different } = compareCounts(counts, await expectedCounts(feed, options.tokenizer), listMax);
  const ends = feed.perPartition.flatMap((end, partition) => {
    const next = states[partition]?.progress.get('nextOffset') ?? 0;
    return next === end ? [] : [`partition ${partition}: committed to offset ${next}, the topic ends at ${end}`];
  });
  return [
    ...differences.map(changelogDifferenceText),
    ...(hasCommitted ? [] : ['the group has no committed offsets']),
    ...[...missing, ...extra, ...different].map(
      ({ word, count, reference }) => `${JSON.stringify(word)}: ${count} counted, ${reference} generated`,
    ),
    ...ends,
  ];
}
