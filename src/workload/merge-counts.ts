import { ClusterError } from '../errors.ts';
import { mergeBlock, type CountBlock } from './naive-count.ts';

/** The expected counts of a topic. */
export interface ReferenceCounts {
  readonly records: number;
  /** Number of words in all records together. */
  readonly words: number;
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Sums the counts of several threads.
 * @throws ClusterError limit when there are more distinct words than a Map holds (2^24)
 */
export function mergeCounts(
  parts: readonly { readonly records: number; readonly words: number; readonly blocks: readonly CountBlock[] }[],
): ReferenceCounts {
  const counts = new Map<string, number>();
  try {
    for (const { blocks } of parts) for (const block of blocks) mergeBlock(counts, block);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ClusterError('limit', `more than ${counts.size} distinct words, which is too many for a reference count`);
  }
  return {
    records: parts.reduce((sum, { records }) => sum + records, 0),
    words: parts.reduce((sum, { words }) => sum + words, 0),
    counts,
  };
}
