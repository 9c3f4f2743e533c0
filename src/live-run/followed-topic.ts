import type { Supervisor } from '../cluster/supervisor.ts';
import type { Connection } from '../config/connection.ts';
import type { PartitionOffsets } from '../kafka/cluster-facts.ts';
import type { FollowView } from '../results/live-state.ts';
import { nowMs } from '../time/clock.ts';
import { EndOffsetWatch } from './end-offset-watch.ts';
import { Rates } from './rates.ts';

/** Pause between two readings of the end offsets. */
const endOffsetsMs = 1_000;
const wordsShown = 5;
/**
 * Members wait while their tables are copied, and this thread does nothing else: about 0.3 s for a
 * million words. So the most frequent words are read at most for this share of the time, and not at
 * all when the tables together have more words.
 */
const readShareMax = 0.05;
const distinctWordsMax = 1_000_000;

/** What users see of a group that counts a live topic: figures of the group and of the topic's end. */
export class FollowedTopic {
  readonly #topic: string;
  readonly #supervisor: Supervisor;
  readonly #startMs = nowMs();
  readonly #rates = new Rates();
  readonly #watch: EndOffsetWatch;
  /** Undefined while the brokers do not report them. */
  #ends: readonly PartitionOffsets[] | undefined;
  #isTroubled = false;
  #topWords: FollowView['topWords'] = [];
  #readWordsAtMs = 0;

  constructor(options: { readonly connection: Connection; readonly topic: string; readonly supervisor: Supervisor }) {
    const { connection, topic } = options;
    this.#topic = topic;
    this.#supervisor = options.supervisor;
    this.#rates.perSecond('group', 0, this.#startMs);
    const unknown = (): void => {
      this.#ends = undefined;
      this.#isTroubled = true;
    };
    this.#watch = new EndOffsetWatch({
      ...{ connection, topic, intervalMs: endOffsetsMs },
      onOffsets: (offsets) => {
        this.#ends = offsets;
        this.#isTroubled = false;
      },
      // The supervisor's own check of the topic meets the same errors, and reports them.
      onTrouble: unknown,
      onLasting: unknown,
    });
  }

  /** False when the last request for the topic's end has failed; there is one about every 3 s at least. */
  get brokersRespond(): boolean {
    return !this.#isTroubled;
  }

  view(): FollowView {
    const atMs = nowMs();
    const { records, refused, members, partitions } = this.#supervisor.snapshot();
    return {
      topic: this.#topic,
      elapsedMs: atMs - this.#startMs,
      records,
      recordsPerSecond: this.#rates.perSecond('group', records, atMs),
      // Records that were added since the end was read, and are counted already, are no negative lag.
      // The supervisor may not know a new partition yet.
      lag: this.#ends?.reduce((sum, { partition, endOffset }) => {
        return sum + Math.max(0, endOffset - (partitions[partition]?.nextOffset ?? 0));
      }, 0),
      refused,
      topWords: this.#readTopWords(atMs),
      members: members.map(({ memberId, phase, partitions, meter }) => ({
        ...{ memberId, phase, partitions },
        recordsPerSecond: this.#rates.perSecond(String(memberId), meter.records, atMs),
      })),
    };
  }

  /** Ends the reading of the topic's end. */
  end(): Promise<void> {
    return this.#watch.end();
  }

  #readTopWords(atMs: number): FollowView['topWords'] {
    if (atMs < this.#readWordsAtMs) return this.#topWords;
    const tables = this.#supervisor.readers.map((reader) => reader.progress().distinctWords);
    if (tables.reduce((sum, distinctWords) => sum + distinctWords, 0) > distinctWordsMax) return undefined;
    // Undefined while the table of a crashed member is not recovered.
    const ranked = this.#supervisor.rankedWords(wordsShown);
    if (ranked !== undefined) this.#topWords = [...ranked.entries];
    const tookMs = nowMs() - atMs;
    this.#readWordsAtMs = atMs + tookMs / readShareMax;
    return this.#topWords;
  }
}
