import { DurableCells } from '../count/durable-cells.ts';
import { batchRecordsMax, stepMsMax } from '../config/consumer-properties.ts';
import type { CommitResult, RebalanceEvent } from '../kafka/native/consumer.ts';
import { gateIsOpen } from '../protocol/cells/gate.ts';
import { pauseThread } from '../time/pause-thread.ts';
import type { Partition } from '../protocol/ids.ts';
import type { SharedTables } from '../protocol/member-task.ts';
import type { InjectedFailure, MemberMessage } from '../protocol/messages.ts';
import { Assignment } from './assignment.ts';
import { BatchApplier } from './batch.ts';
import { Commits, type MemberCommits } from './commits.ts';
import { DurableCommits } from './durable-commits.ts';
import { injectFailure } from './inject-failure.ts';
import type { MemberMemory } from './member-memory.ts';
import { MembershipReports } from './membership-reports.ts';
import { Rebalances } from './rebalances.ts';
import { TopicIdentityCheck } from './topic-identity-check.ts';
import type { MemberTurnOptions, PolledClient, TurnClient, TurnTask } from './turn-options.ts';

/**
 * Longest native wait for records. terminate() waits for it, and rebalance callbacks come only
 * after it, because it blocks the event loop that delivers them.
 */
const pollMsMax = 20;
/** While the gate is closed, members poll it to notice its opening together. */
const closedPollMs = 2;
/** Between two looks at a commit during which nothing may be counted. */
const commitPauseMs = 1;

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
  readonly #commits: MemberCommits;
  readonly #applier: BatchApplier;
  readonly #topicCheck: TopicIdentityCheck;
  readonly #reports: MembershipReports;
  readonly #rebalances: Rebalances;
  /** Partitions whose next offset the brokers do not have. */
  readonly #outOfRange = new Set<Partition>();
  readonly #recordsMax: number;
  readonly #stepMsMax: number;
  #injectedFailure: InjectedFailure | undefined;

  constructor({ task, client, memory, clock, post, latency, durable }: MemberTurnOptions) {
    this.#task = task;
    this.#client = client;
    this.#memory = memory;
    this.#clock = clock;
    this.#post = post;
    this.#reader = latency ?? client;
    this.#recordsMax = batchRecordsMax(task.group);
    this.#stepMsMax = stepMsMax(task.group);
    this.#assignment = new Assignment(task, client, memory);
    const intervalMs = task.group.commitIntervalMs;
    this.#commits =
      durable === undefined
        ? new Commits(client, { intervalMs, clock, history: memory.history })
        : new DurableCommits({ ...durable, intervalMs, clock, owned: this.#assignment.owned });
    this.#applier = new BatchApplier(task, client, this.#assignment, { ...memory, clock, latency });
    this.#topicCheck = new TopicIdentityCheck(task.topic, memory.countedTopic, client);
    this.#reports = new MembershipReports(task, client, this.#assignment, { clock, post });
    this.#rebalances = new Rebalances(this.#commits, clock);
  }

  /** One turn: claims tables that have become free, then consumes, applies and commits. */
  run(): void {
    const isOpen = gateIsOpen(this.#memory.gate);
    if (isOpen) this.#assignment.openGate();
    if (this.#assignment.claimWaiting()) this.#reports.assigned();
    this.#reports.poll();
    const hurry = this.#rebalances.isWaiting;
    if (this.#commits.mayCount(hurry)) this.#consume(isOpen);
    else pauseThread(commitPauseMs);
    this.#commits.run(() => this.#assignment.progress(), hurry);
    this.#requestRestores();
    this.#memory.meter.add('turns', 1);
  }

  #consume(isOpen: boolean): void {
    const count = this.#reader.consumeBatch(isOpen ? pollMsMax : closedPollMs, this.#recordsMax);
    this.#failIfInjected();
    if (count > 0) this.#count(count);
    this.#reportOutOfRange();
  }

  /** Performs the rebalances that have arrived, except those that wait for the answer to a commit. */
  rebalance(): void {
    for (const event of this.#rebalances.due()) this.#rebalance(event);
  }

  /** See MemberCommits. */
  get releaseMsMax(): number {
    return this.#commits.releaseMsMax;
  }

  get advancedMs(): number {
    return this.#commits.advancedMs;
  }

  /** Nothing is in flight that the next owners would have to wait for. */
  get mayRelease(): boolean {
    return this.#commits.mayRelease([...this.#assignment.owned.keys()]);
  }

  /** Continues the last commit before the member leaves. */
  finishCommit(): void {
    this.#memory.meter.add('turns', 1);
    // Offset commits are answered with the records; those are left to the next owner.
    if (this.#commits.mayCount(true)) {
      this.#client.consumeBatch(closedPollMs, 1);
      return;
    }
    pauseThread(commitPauseMs);
    this.#commits.run(() => this.#assignment.progress(), true);
  }

  /** Commits, then releases every table, so that the next owners find them free. Call it before leaving the group. */
  handOver(): void {
    const progress = this.#assignment.progress();
    this.#commits.commit(progress);
    for (const { partition } of progress) this.#assignment.release(partition);
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
  addTables(firstPartition: Partition, { tables, durableCells }: SharedTables): void {
    const cells = durableCells.map((each) => new DurableCells(each));
    if (this.#assignment.addTables(firstPartition, { tables, durableCells: cells })) this.#reports.assigned();
    this.#requestRestores();
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

  #requestRestores(): void {
    for (const request of this.#assignment.takeRequests()) {
      this.#post({ type: 'restoreWanted', memberId: this.#task.memberId, ...request });
    }
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
    this.#commits.forget([partition]);
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
      this.#requestRestores();
      return;
    }
    const revoked = this.#assignment.progress().filter(({ partition }) => event.partitions.includes(partition));
    if (!event.lost) this.#commits.commit(revoked);
    this.#commits.forget(event.partitions);
    history?.rebalanced(event.lost ? 'lost' : 'revoked', event.partitions, generation);
    this.#assignment.revoke(event);
    this.#reports.revoked(event);
  }
}
