import type { Tokenizer } from '../workload/naive-count.ts';
import { referenceCounts } from '../workload/reference-counts.ts';
import type { WeightedFeed } from '../workload/weighted-feed.ts';

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
