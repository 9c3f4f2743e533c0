import type { GroupConfig } from '../config/group.ts';
import { batchRecordsMax, commitAnswerMsMax, stepMsMax } from '../config/consumer-properties.ts';
import type { BatchConsumer, CommitResult, RebalanceEvent } from '../kafka/native/consumer.ts';
import { gateIsOpen } from '../protocol/cells/gate.ts';
import type { Partition } from '../protocol/ids.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { InjectedFailure, MemberMessage } from '../protocol/messages.ts';
import { Assignment, type AssignedClient } from './assignment.ts';
import { BatchApplier, type ReadClient } from './batch.ts';
import { Commits, type CommittingClient } from './commits.ts';
import { injectFailure } from './inject-failure.ts';
import type { LatencyRecorder } from './latency-recorder.ts';
import type { MemberMemory } from './member-memory.ts';
import { MembershipReports, type JoinedClient } from './membership-reports.ts';
import { Rebalances } from './rebalances.ts';
import { TopicIdentityCheck, type IdentifiedClient } from './topic-identity-check.ts';

/**
 * Longest native wait for records. terminate() waits for it, and rebalance callbacks come only
 * after it, because it blocks the event loop that delivers them.
 */
const pollMsMax = 20;
/** While the gate is closed, members poll it to notice its opening together. */
const closedPollMs = 2;

/** The part of BatchConsumer that a turn needs. */
export interface TurnClient
  extends AssignedClient, ReadClient, CommittingClient, JoinedClient, IdentifiedClient, PolledClient {}
export type PolledClient = Pick<BatchConsumer, 'consumeBatch'>;

/** The part of a member's task that a turn needs. */
export type TurnTask = Pick<MemberTask, 'memberId' | 'topic' | 'endOffsets'> & {
  readonly group: Pick<GroupConfig, 'workUs' | 'commitIntervalMs' | 'groupProtocol' | 'batchRecordsMax'>;
};

export interface MemberTurnOptions {
  readonly task: TurnTask;
  readonly client: TurnClient;
  readonly memory: MemberMemory;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly post: (message: MemberMessage) => void;
  /** Only in a latency run. */
  readonly latency?: LatencyRecorder | undefined;
}

/**
 * The order of a member's work: a turn, a rebalance, and the hand-over before it leaves. All of it
 * is synchronous. The caller yields to the event loop between two calls, so no callback of the
 * client ever finds a batch half applied.
 */
export class MemberTurn {
  readonly #task: TurnTask;
  readonly #client: TurnClient;
  readonly #memory: MemberMemory;
  readonly #clock: () => number;
  readonly #post: (message: MemberMessage) => void;
  /** The client, or in a latency run the recorder around it. */
  readonly #reader: PolledClient;
  readonly #assignment: Assignment;
  readonly #commits: Commits;
  readonly #applier: BatchApplier;
  readonly #topicCheck: TopicIdentityCheck;
  readonly #reports: MembershipReports;
  readonly #rebalances: Rebalances;
  /** Partitions whose next offset the brokers do not have. */
  readonly #outOfRange = new Set<Partition>();
  readonly #recordsMax: number;
  readonly #stepMsMax: number;
  #injectedFailure: InjectedFailure | undefined;

  constructor({ task, client, memory, clock, post, latency }: MemberTurnOptions) {
    this.#task = task;
    this.#client = client;
    this.#memory = memory;
    this.#clock = clock;
    this.#post = post;
    this.#reader = latency ?? client;
    this.#recordsMax = batchRecordsMax(task.group);
    this.#stepMsMax = stepMsMax(task.group);
    this.#assignment = new Assignment(task, client, memory);
    this.#commits = new Commits(client, { intervalMs: task.group.commitIntervalMs, clock, history: memory.history });
    this.#applier = new BatchApplier(task, client, this.#assignment, { ...memory, clock, latency });
    this.#topicCheck = new TopicIdentityCheck(task.topic, memory.countedTopic, client);
    this.#reports = new MembershipReports(task, client, this.#assignment, { clock, post });
    this.#rebalances = new Rebalances(commitAnswerMsMax, clock);
  }

  /** One turn: claims tables that have become free, then consumes, applies and commits. */
  run(): void {
    const isOpen = gateIsOpen(this.#memory.gate);
    if (isOpen) this.#assignment.openGate();
    if (this.#assignment.claimWaiting()) this.#reports.assigned();
    this.#reports.poll();
    const count = this.#reader.consumeBatch(isOpen ? pollMsMax : closedPollMs, this.#recordsMax);
    this.#failIfInjected();
    if (count > 0) this.#count(count);
    this.#reportOutOfRange();
    this.#commits.maybeCommit(() => this.#assignment.progress());
    this.#memory.meter.add('turns', 1);
  }

  /** Performs the rebalances that have arrived, except those that wait for the answer to a commit. */
  rebalance(): void {
    for (const event of this.#rebalances.due(() => this.#commits.inFlight)) this.#rebalance(event);
  }

  /** Kafka has not answered the last commit. */
  get commitInFlight(): boolean {
    return this.#commits.inFlight;
  }

  /** Commits, then releases every table, so that the next owners find them free. Call it before leaving the group. */
  handOver(): void {
    const progress = this.#assignment.progress();
    this.#commits.commit(progress);
    for (const { partition } of progress) this.#assignment.release(partition);
  }

  /** Makes the client deliver its callbacks. Records that it delivers with them are left to the next owner. */
  pollCallbacks(): void {
    this.#client.consumeBatch(closedPollMs, 1);
  }

  /** Call it after leaving the group. */
  reportLeft(): void {
    this.#memory.history?.left();
    this.#post({ type: 'left', memberId: this.#task.memberId });
  }

  /** Callback of the client. */
  onRebalance(event: RebalanceEvent): void {
    this.#rebalances.add(event);
  }

  /** Callback of the client. */
  onCommit(result: CommitResult): void {
    this.#commits.onAnswer(result);
    if (result.error !== undefined) this.#memory.meter.add('commitsFailed', 1);
  }

  /** Callback of the client. */
  onOutOfRange(partition: Partition): void {
    this.#outOfRange.add(partition);
  }

  /** Tables of partitions that were added to the topic. */
  addTables(firstPartition: Partition, tables: readonly SharedArrayBuffer[]): void {
    if (this.#assignment.addTables(firstPartition, tables)) this.#reports.assigned();
  }

  /** Handles the answer to `outOfRange`; the partition may have another owner by now. */
  resumeAt(partition: Partition, nextOffset: number): void {
    const owned = this.#assignment.owned.get(partition);
    if (owned === undefined) return;
    if (nextOffset > owned.writer.nextOffset && !this.#applier.skipTo(owned, nextOffset))
      this.#onWriteRefused(partition);
    else this.#assignment.restart(partition);
  }

  /**
   * Fails while it holds the next batch, after its fetch and before its application: the worst
   * time.
   */
  injectFailure(failure: InjectedFailure): void {
    this.#injectedFailure = failure;
  }

  #failIfInjected(): void {
    const failure = this.#injectedFailure;
    this.#injectedFailure = undefined;
    if (failure !== undefined) injectFailure(failure, this.#assignment);
  }

  /** Takes batches until none is left or the time of a step is over, then applies them. */
  #count(firstCount: number): void {
    const deadlineMs = this.#clock() + this.#stepMsMax;
    for (let count = firstCount; count > 0;) {
      this.#applier.take(count);
      count = this.#clock() < deadlineMs ? this.#reader.consumeBatch(0, this.#recordsMax) : 0;
    }
    this.#topicCheck.check();
    for (const { partition } of this.#applier.apply()) this.#onWriteRefused(partition);
  }

  #onWriteRefused(partition: Partition): void {
    this.#assignment.leaseRevoked(partition);
    this.#post({ type: 'writeRefused', memberId: this.#task.memberId, partition });
  }

  /** Runs after the earlier batches were applied, so the table shows what is missing. */
  #reportOutOfRange(): void {
    for (const partition of this.#outOfRange) {
      const nextOffset = this.#assignment.owned.get(partition)?.writer.nextOffset;
      // A partition that is not consumed now is reassigned or sought before it is consumed again.
      if (nextOffset !== undefined)
        this.#post({ type: 'outOfRange', memberId: this.#task.memberId, partition, nextOffset });
    }
    this.#outOfRange.clear();
  }

  #rebalance(event: RebalanceEvent): void {
    const { meter, history } = this.#memory;
    meter.add('rebalances', 1);
    const generation = history === undefined ? -1 : this.#client.generation();
    this.#reports.onRebalance();
    if (event.type === 'assign') {
      history?.rebalanced('assigned', event.partitions, generation);
      this.#assignment.assign(event);
      this.#reports.assigned();
      return;
    }
    const revoked = this.#assignment.progress().filter(({ partition }) => event.partitions.includes(partition));
    if (!event.lost) this.#commits.commit(revoked);
    for (const partition of event.partitions) this.#commits.forget(partition);
    history?.rebalanced(event.lost ? 'lost' : 'revoked', event.partitions, generation);
    this.#assignment.revoke(event);
    this.#reports.revoked(event);
  }
}
