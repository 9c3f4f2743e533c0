import { toClusterError, ClusterError } from '../errors.ts';
import { noLeaderError, type LeaderlessPartition } from '../kafka/no-leader.ts';
import { nowMs } from '../time/clock.ts';
import { LastingTrouble } from './lasting-trouble.ts';
import { topicReplaced, type TopicIdentity } from '../kafka/topic-identity.ts';
import { largest } from '../statistics/extremes.ts';

export interface TopicPollerOptions {
  readonly topic: string;
  /** Id of the counted topic; undefined for the first id that brokers report. */
  readonly topicId: string | undefined;
  /** How many partitions have a table. */
  readonly partitions: () => number;
  /** Reports of all brokers that respond. @throws ClusterError when none does */
  readonly identities: () => Promise<readonly (TopicIdentity | undefined)[]>;
  readonly onGrown: (partitions: number) => void;
  /** Notices: an error of the check itself, once, and partitions without a leader. */
  readonly onTrouble: (error: ClusterError) => void;
  /** The topic was recreated, or the check keeps failing. Called once. */
  readonly onGone: (error: ClusterError) => void;
}

const lookMs = 2_000;

export type TopicVerdict =
  | {
      readonly type: 'same';
      readonly topicId: string | undefined;
      readonly partitions: number;
      /** No broker knows a leader. */
      readonly leaderless: readonly LeaderlessPartition[];
    }
  | { readonly type: 'gone' }
  | { readonly type: 'replaced' };

/**
 * Pure. Brokers learn of changes one after the other: a broker that reports a new id is right, one
 * that reports the old id may be late, and a topic is only gone when no broker knows it.
 * @param topicId - of the counted topic; undefined when it is not known yet
 */
export function judgeTopic(topicId: string | undefined, answers: readonly (TopicIdentity | undefined)[]): TopicVerdict {
  const known = answers.filter((answer) => answer !== undefined);
  const ids = new Set(known.flatMap((answer) => answer.topicId ?? []));
  if (known.length === 0) return { type: 'gone' };
  if (topicId !== undefined && [...ids].some((id) => id !== topicId)) return { type: 'replaced' };
  const partitions = largest(known.map((answer) => answer.partitions));
  // The brokers disagree; the next check decides between the two topics.
  const [only] = ids.size === 1 ? ids : [];
  const leaderless = (known[0]?.leaderless ?? []).filter(({ partition }) =>
    known.every((answer) => answer.leaderless.some((each) => each.partition === partition)),
  );
  return { type: 'same', topicId: topicId ?? only, partitions, leaderless };
}

/**
 * Checks the topic periodically for new partitions and for recreation. A recreated topic has the
 * same name and offsets from 0 again, so its records would be mistaken for those of the old topic.
 */
export class TopicPoller {
  readonly #options: TopicPollerOptions;
  readonly #timer: NodeJS.Timeout;
  #topicId: string | undefined;
  #looking: Promise<void> | undefined;
  /** A broker has known the topic. Until then it is being created. */
  #isKnown: boolean;
  #goneOnce = false;
  /** Result of the last check, and what was reported about it. */
  #leaderless = '';
  #leaderlessReported = '';
  readonly #trouble: LastingTrouble;
  #over = false;

  constructor(options: TopicPollerOptions) {
    this.#options = options;
    this.#topicId = options.topicId;
    this.#isKnown = options.topicId !== undefined;
    this.#trouble = new LastingTrouble({
      onTrouble: options.onTrouble,
      onLasting: (error) => {
        this.#end(error);
      },
    });
    this.#timer = setInterval(() => {
      this.#lookQuietly();
    }, lookMs).unref();
    this.#lookQuietly();
  }

  /**
   * Resolves after a check that began now: all records read so far came from the counted topic, or
   * `onGone` was called.
   * @throws ClusterError when no broker responds
   */
  async lookNow(): Promise<void> {
    await this.#looking?.catch(() => undefined);
    await this.#look();
    // A topic that seems to be deleted is checked twice.
    if (this.#goneOnce) await this.#look();
  }

  stop(): void {
    this.#over = true;
    clearInterval(this.#timer);
  }

  #lookQuietly(): void {
    if (this.#looking !== undefined) return;
    this.#look().then(
      () => {
        this.#trouble.worked();
      },
      (error: unknown) => {
        if (!this.#over) this.#trouble.failed(toClusterError(error), nowMs());
      },
    );
  }

  #look(): Promise<void> {
    const looking = this.#check().finally(() => {
      this.#looking = undefined;
    });
    this.#looking = looking;
    return looking;
  }

  async #check(): Promise<void> {
    const { topic, identities, partitions, onGrown } = this.#options;
    const answers = await identities();
    if (this.#over) return;
    const verdict = judgeTopic(this.#topicId, answers);
    switch (verdict.type) {
      case 'replaced':
        this.#end(topicReplaced(topic));
        return;
      case 'gone':
        if (!this.#isKnown) return;
        // A broker that has just started may not know its topics yet.
        if (this.#goneOnce) this.#end(topicDeleted(topic));
        this.#goneOnce = true;
        return;
      case 'same':
        this.#isKnown = true;
        this.#goneOnce = false;
        this.#topicId = verdict.topicId;
        this.#reportLeaderless(verdict.leaderless);
        if (verdict.partitions > partitions()) onGrown(verdict.partitions);
    }
  }

  /** Reports at the second check, because other brokers take over within seconds. */
  #reportLeaderless(leaderless: readonly LeaderlessPartition[]): void {
    const now = leaderless.map(({ partition }) => partition).join();
    const lasts = now === this.#leaderless;
    this.#leaderless = now;
    if (!lasts || now === this.#leaderlessReported) return;
    this.#leaderlessReported = now;
    if (leaderless.length > 0) this.#options.onTrouble(noLeaderError(this.#options.topic, leaderless));
  }

  #end(error: ClusterError): void {
    this.stop();
    this.#options.onGone(error);
  }
}

function topicDeleted(topic: string): ClusterError {
  const message = `topic '${topic}' was deleted while it was being counted`;
  return new ClusterError('topicUnavailable', message, { hint: 'start the count again' });
}
