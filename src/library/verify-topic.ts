import { whileServing } from '../brokers/while-serving.ts';
import { groupDefaults } from '../config/group.ts';
import { namesOf } from '../config/names-of.ts';
import { tokenizers } from '../config/tokenizers.ts';
import { verifyCounts } from '../workload/verify-counts.ts';
import type { GroupSettings, TopicCounts } from './group.ts';
import { requireCount, requireOneOf } from './require-valid.ts';
import { timeoutMsByDefault, useBrokers, type ConnectionOptions } from './used-brokers.ts';

/** What {@link verifyTopic} compares. */
export interface VerifyTopicOptions extends ConnectionOptions, Pick<GroupSettings, 'tokenizer'> {
  /**
   * Counts of a group. Without `ranges`, those of all records that the topic has now.
   */
  readonly counts: Pick<TopicCounts, 'topic' | 'words'> & Partial<Pick<TopicCounts, 'topicId' | 'ranges'>>;
  /** Words of each kind to list, from 1. Default: 20. */
  readonly listMax?: number;
  readonly signal?: AbortSignal;
  /** Called about five times per second, with the number of records read. */
  readonly onProgress?: (records: number) => void;
}

/** A word that was counted `count` times and occurs `reference` times in the topic. */
export interface DifferingWord {
  readonly word: string;
  readonly count: number;
  readonly reference: number;
}

/** The outcome of {@link verifyTopic}. */
export interface TopicVerified {
  /** True when every word has the same count on both sides. */
  readonly equal: boolean;
  /** Number of words whose counts differ. */
  readonly differing: number;
  /** Words of the topic that were not counted. */
  readonly missing: readonly DifferingWord[];
  /** Words that the topic does not have. */
  readonly extra: readonly DifferingWord[];
  /** Words of both sides with different counts. */
  readonly different: readonly DifferingWord[];
  /** What the recount has read. */
  readonly records: number;
  readonly words: number;
  readonly distinctWords: number;
}

/**
 * Counts a topic again, with another Kafka client and another tokenizer, in other threads, and
 * compares every word. A difference is a result, not an error.
 * @throws {@link ClusterError} `input` when the topic no longer has the records that were counted,
 *   `topicUnavailable` when it does not exist or was recreated, `brokerUnavailable`, `accessDenied`,
 *   `timeout`; `usage` for invalid options; the signal's reason when it is aborted
 */
export async function verifyTopic(options: VerifyTopicOptions): Promise<TopicVerified> {
  const { counts, tokenizer = groupDefaults.tokenizer, listMax = 20, signal, onProgress } = options;
  requireOneOf('tokenizer', tokenizer, namesOf(tokenizers));
  requireCount('listMax', listMax, { min: 1, max: 1_000_000 });
  signal?.throwIfAborted();
  const brokers = await useBrokers(options);
  const { topic, topicId, words, ranges } = counts;
  const what = {
    ...{ connection: brokers.connection, topic, counts: words, name: 'counts', tokenizer, listMax },
    coverage:
      ranges === undefined ? undefined : { topic, ranges: [...ranges], ...(topicId === undefined ? {} : { topicId }) },
    timeoutMs: options.timeoutMs ?? timeoutMsByDefault,
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  return whileServing(brokers, (ended) => verifyCounts({ ...what, signal: ended }), signal);
}
