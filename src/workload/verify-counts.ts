import type { Connection } from '../config/connection.ts';
import { readTopicRange, type TopicRange } from '../kafka/kafkajs/topic-range.ts';
import { compareCounts, type CountComparison } from './compare-counts.ts';
import type { Coverage } from './counts-file.ts';
import { coveredRange, throwIfCompacted } from './covered-range.ts';
import { recount, type RecountOptions } from './recount.ts';

export interface VerifyCountsOptions extends RecountOptions {
  readonly connection: Connection;
  readonly topic: string;
  readonly counts: Iterable<readonly [word: string, count: number]>;
  /** The offsets that were counted; undefined for all that the topic has now. */
  readonly coverage: Coverage | undefined;
  /** Where the counts are from, for errors. */
  readonly name: string;
  /** Words of each kind to list. */
  readonly listMax: number;
  /**
   * Called before the recount.
   * @param range - what is recounted
   * @param present - what the topic has now
   */
  readonly onRange?: (range: TopicRange, present: TopicRange) => void;
}

export interface CountsVerified extends CountComparison {
  readonly records: number;
  readonly words: number;
  readonly distinctWords: number;
}

/**
 * Recounts a topic with another client and another tokenizer, and compares every word.
 * @throws ClusterError as recount, coveredRange and throwIfCompacted do
 */
export async function verifyCounts(options: VerifyCountsOptions): Promise<CountsVerified> {
  const { connection, topic, counts, coverage, name, listMax } = options;
  const present = await readTopicRange(connection, topic, options.timeoutMs, options.signal);
  const range = coverage === undefined ? present : coveredRange(coverage, present, name);
  options.onRange?.(range, present);
  const reference = await recount(connection, range, options);
  if (coverage !== undefined) throwIfCompacted(coverage, reference.partitions);
  const { records, words } = reference;
  return { records, words, distinctWords: reference.counts.size, ...compareCounts(counts, reference.counts, listMax) };
}
