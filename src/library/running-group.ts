import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { whileServing } from '../brokers/while-serving.ts';
import type { TopicGroup } from '../cluster/topic-group.ts';
import { ClusterError } from '../errors.ts';
import { readTopicRange } from '../kafka/kafkajs/topic-range.ts';
import type { MemberId } from '../protocol/ids.ts';
import { waitUntil } from '../time/wait-until.ts';
import type { GroupEvents, NamedEvent } from './group-events.ts';
import { groupStatus, rangesOf, type GroupStatus } from './group-status.ts';
import type { Group, TopicCounts, WaitLimits } from './group.ts';

const countedMsByDefault = 3_600_000;
const readMsByDefault = 10_000;

/** The object that a user has of a group. */
export class RunningGroup extends EventEmitter<GroupEvents> implements Group {
  readonly groupId: string;
  readonly topic: string;
  readonly #group: TopicGroup;
  readonly #brokers: ResolvedBrokers;
  readonly #times: { readonly timeoutMs: number; readonly settleMs: number };
  readonly #onFailure = (): void => {
    this.report(['failed', this.failed.reason as ClusterError]);
  };
  #stopped: Promise<void> | undefined;

  /**
   * @param times.timeoutMs - longest time until the brokers respond
   * @param times.settleMs - longest time until the group has settled
   */
  constructor(
    group: TopicGroup,
    brokers: ResolvedBrokers,
    times: { readonly timeoutMs: number; readonly settleMs: number },
  ) {
    super();
    this.#group = group;
    this.#brokers = brokers;
    this.#times = times;
    this.topic = group.range.topic;
    this.groupId = group.supervisor.snapshot().groupId;
    this.failed.addEventListener('abort', this.#onFailure);
  }

  get failed(): AbortSignal {
    return this.#group.supervisor.failed;
  }

  /**
   * Emits an event, but not within the supervisor's work: a listener that throws must not end it
   * half way.
   */
  report([name, ...args]: NamedEvent): void {
    queueMicrotask(() => {
      // Name and arguments are of one event.
      (this as EventEmitter).emit(name, ...args);
    });
  }

  addMember(): number {
    return this.#group.supervisor.addMember();
  }

  async drainMember(memberId: number): Promise<void> {
    await this.#group.supervisor.drainMember(memberId as MemberId);
  }

  async killMember(memberId: number, { leave = true }: { readonly leave?: boolean } = {}): Promise<void> {
    await this.#group.supervisor.killMember(memberId as MemberId, { leaveForIt: leave });
  }

  snapshot(): GroupStatus {
    return groupStatus(this.#group.supervisor.snapshot());
  }

  async untilSettled({ timeoutMs = this.#times.settleMs, ...limits }: WaitLimits = {}): Promise<void> {
    await this.#whileServing(() => this.#group.supervisor.waitSettled({ timeoutMs, ...limits }));
  }

  async untilCounted({ timeoutMs = countedMsByDefault, ...limits }: WaitLimits = {}): Promise<void> {
    const { connection } = this.#brokers;
    const { endOffsets } = await readTopicRange(connection, this.topic, this.#times.timeoutMs);
    limits.signal?.throwIfAborted();
    await this.#whileServing(() => this.#group.supervisor.waitReached({ timeoutMs, endOffsets, ...limits }));
  }

  async counts({ timeoutMs = readMsByDefault, ...limits }: WaitLimits = {}): Promise<TopicCounts> {
    const { supervisor, range } = this.#group;
    let words: Map<string, number> | undefined;
    let ranges = rangesOf(supervisor.snapshot(), range);
    const isRead = (): boolean => {
      words = supervisor.counts();
      const before = ranges;
      ranges = rangesOf(supervisor.snapshot(), range);
      return words !== undefined && isDeepStrictEqual(before, ranges);
    };
    await waitUntil(isRead, { timeoutMs, ...limits }, (limit) => `group ${this.groupId} has not paused ${limit}`);
    return { topic: this.topic, topicId: range.topicId, words: words ?? new Map<string, number>(), ranges };
  }

  topWords(count: number): readonly { readonly word: string; readonly count: number }[] | undefined {
    const ranked = this.#group.supervisor.rankedWords(count);
    return ranked === undefined
      ? undefined
      : Array.from(ranked.entries, ({ word, count: of }) => ({ word, count: of }));
  }

  stop(how: 'drain' | 'kill' = 'drain'): Promise<void> {
    this.#stopped ??= this.#stop(how);
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(how: 'drain' | 'kill'): Promise<void> {
    const left = await this.#group.close(how);
    this.failed.removeEventListener('abort', this.#onFailure);
    if (left !== undefined) {
      this.report(['warning', { memberId: undefined, error: new ClusterError('brokerUnavailable', left) }]);
    }
  }

  #whileServing<T>(action: () => Promise<T>): Promise<T> {
    return whileServing(this.#brokers, action);
  }
}
