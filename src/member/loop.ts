import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { batchRecordsMax, commitAnswerMsMax, consumerProperties, stepMsMax } from '../config/consumer-properties.ts';
import { BatchSums } from '../count/batch-sums.ts';
import { toErrorReport } from '../errors.ts';
import { MemberHistory } from '../history/member-history.ts';
import { BatchConsumer, row, rowFields, type RebalanceEvent } from '../kafka/native/consumer.ts';
import { nowMs } from '../time/clock.ts';
import { gateIsOpen } from '../protocol/cells/gate.ts';
import { MemberMeter } from '../protocol/cells/meter.ts';
import type { Partition } from '../protocol/ids.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { InjectedFailure, MemberMessage } from '../protocol/messages.ts';
import { Assignment } from './assignment.ts';
import { BatchApplier } from './batch.ts';
import { Commits } from './commits.ts';
import { injectFailure } from './inject-failure.ts';
import { Rebalances } from './rebalances.ts';
import { RecordMoments } from './record-moments.ts';
import { SameTopic } from './same-topic.ts';

/**
 * Longest native wait for records. terminate() waits for it, and rebalance callbacks come only after it, because it
 * blocks the loop that delivers them.
 */
const pollMsMax = 20;
/** While the gate is closed, members poll it to notice its opening together. */
const closedPollMs = 2;

/** Interval of state queries, each a round trip to the client's thread. */
const askMs = 50;

const fields = { stride: rowFields, start: row.start, length: row.length } as const;
/** When set, the digest of the records is summed, too. */
const digestFields = { ...fields, partition: row.partition, offset: row.offset } as const;

/**
 * The life of a member: join, count batch after batch, drain. Everything is synchronous on this thread except one yield
 * to the event loop between two batches, so no rebalance callback ever finds a batch half applied.
 */
export class MemberLoop {
  readonly #task: MemberTask;
  readonly #post: (message: MemberMessage) => void;
  readonly #gate: Int32Array;
  readonly #meter: MemberMeter;
  readonly #consumer: BatchConsumer;
  readonly #assignment: Assignment;
  readonly #commits: Commits;
  readonly #applier: BatchApplier;
  readonly #sameTopic: SameTopic;
  readonly #history: MemberHistory | undefined;
  /** The consumer, or what writes down when it gave what. */
  readonly #reader: Pick<BatchConsumer, 'consumeBatch'>;
  /** The supervisor knows what the group has given to this member. */
  #told = false;
  /** The coordinator's name for this member as the supervisor knows it; undefined when it may be another by now. */
  #toldName: string | undefined;
  #askedAtMs = 0;
  /** Partitions of which the brokers do not have what was to be fetched next. */
  readonly #outOfRange = new Set<Partition>();
  readonly #rebalances = new Rebalances(commitAnswerMsMax);
  #drainBeforeMs: number | undefined;
  #injectedFailure: InjectedFailure | undefined;

  constructor(task: MemberTask, post: (message: MemberMessage) => void) {
    this.#task = task;
    this.#post = post;
    this.#gate = new Int32Array(task.gate);
    this.#meter = new MemberMeter(task.meter);
    this.#history = task.history === undefined ? undefined : new MemberHistory(task.history);
    const sums = new BatchSums({
      tokenizer: task.group.tokenizer,
      fields: this.#history === undefined ? fields : digestFields,
    });
    this.#consumer = new BatchConsumer({
      buffers: sums,
      connection: task.connection,
      groupId: task.group.groupId,
      clientId: task.clientId,
      topic: task.topic,
      properties: consumerProperties(task.group, task),
      onRebalance: (event) => {
        this.#rebalances.hear(event);
      },
      onOutOfRange: (partition) => {
        this.#outOfRange.add(partition as Partition);
      },
      onError: (error) => {
        post({ type: 'notice', memberId: task.memberId, error: toErrorReport(error) });
      },
      onCommit: (result) => {
        this.#commits.onAnswer(result);
        if (result.error !== undefined) this.#meter.add('commitsFailed', 1);
      },
    });
    this.#commits = new Commits(this.#consumer, task.group.commitIntervalMs, this.#history);
    this.#sameTopic = new SameTopic(task, this.#consumer);
    this.#assignment = new Assignment(task, this.#consumer, this.#history);
    const moments = task.latency === undefined ? undefined : new RecordMoments(task.latency, this.#consumer);
    this.#reader = moments ?? this.#consumer;
    this.#applier = new BatchApplier(task, this.#consumer, this.#assignment, this.#meter, sums, moments);
  }

  /** Resolves when the member has drained and left. @throws WordcountError when the member fails */
  async run(): Promise<void> {
    this.#consumer.connect();
    this.#consumer.subscribe();
    this.#post({ type: 'joining', memberId: this.#task.memberId });
    const recordsMax = batchRecordsMax(this.#task.group);
    while (this.#drainBeforeMs === undefined) {
      const isOpen = gateIsOpen(this.#gate);
      if (isOpen) this.#assignment.openGate();
      if (this.#assignment.claimWaiting()) this.#postAssigned();
      this.#ask();
      const pollMs = isOpen ? pollMsMax : closedPollMs;
      const count = this.#reader.consumeBatch(pollMs, recordsMax);
      this.#failIfInjected();
      if (count > 0) this.#count(count, recordsMax);
      this.#tellOutOfRange();
      this.#commits.maybeCommit(() => this.#assignment.progress());
      this.#meter.add('turns', 1);
      await yieldToEvents();
      for (const event of this.#rebalances.due(() => this.#commits.inFlight)) this.#onRebalance(event);
    }
    await this.#leave(this.#drainBeforeMs);
  }

  /** Ends the loop after the batch in hand. */
  drain(deadlineMs: number): void {
    this.#drainBeforeMs ??= nowMs() + deadlineMs;
  }

  addTables(firstPartition: Partition, tables: readonly SharedArrayBuffer[]): void {
    if (this.#assignment.addTables(firstPartition, tables)) this.#postAssigned();
  }

  /** Handles the answer to `outOfRange`; the partition may have another owner by now. */
  goOn(partition: Partition, nextOffset: number): void {
    const owned = this.#assignment.owned.get(partition);
    if (owned === undefined) return;
    if (nextOffset > owned.writer.nextOffset && !this.#applier.skipTo(owned, nextOffset)) this.#onFenced(partition);
    else this.#assignment.restart(partition);
  }

  /** Fails while it holds the next batch, after its fetch and before its application: the worst time. */
  injectFailure(failure: InjectedFailure): void {
    this.#injectedFailure = failure;
  }

  #failIfInjected(): void {
    const failure = this.#injectedFailure;
    this.#injectedFailure = undefined;
    if (failure !== undefined) injectFailure(failure, this.#assignment);
  }

  /** Takes batches until none is left or the time of a step is over, then applies them. */
  #count(firstCount: number, recordsMax: number): void {
    const endMs = nowMs() + stepMsMax(this.#task.group);
    for (let count = firstCount; count > 0;) {
      this.#applier.take(count);
      count = nowMs() < endMs ? this.#reader.consumeBatch(0, recordsMax) : 0;
    }
    this.#sameTopic.check();
    for (const { partition } of this.#applier.apply()) this.#onFenced(partition);
  }

  #onFenced(partition: Partition): void {
    this.#assignment.fenced(partition);
    this.#post({ type: 'fenced', memberId: this.#task.memberId, partition });
  }

  /** Runs after the earlier batches were applied, so the table shows what is missing. */
  #tellOutOfRange(): void {
    for (const partition of this.#outOfRange) {
      const nextOffset = this.#assignment.owned.get(partition)?.writer.nextOffset;
      // A partition that is not consumed now is reassigned or sought before it is consumed again.
      if (nextOffset !== undefined)
        this.#post({ type: 'outOfRange', memberId: this.#task.memberId, partition, nextOffset });
    }
    this.#outOfRange.clear();
  }

  #onRebalance(event: RebalanceEvent): void {
    this.#meter.add('rebalances', 1);
    const generation = this.#history === undefined ? -1 : this.#consumer.generation();
    this.#toldName = undefined;
    if (event.type === 'assign') {
      this.#history?.rebalanced('assigned', event.partitions, generation);
      this.#assignment.assign(event);
      this.#postAssigned();
      return;
    }
    if (!event.lost)
      this.#commits.commit(this.#assignment.progress().filter(({ partition }) => event.partitions.includes(partition)));
    for (const partition of event.partitions) this.#commits.forget(partition);
    this.#history?.rebalanced(event.lost ? 'lost' : 'revoked', event.partitions, generation);
    this.#assignment.revoke(event);
    this.#told = false;
    const { memberId } = this.#task;
    this.#post({ type: 'revoked', memberId, partitions: event.partitions as Partition[], lost: event.lost });
  }

  /**
   * Polls state that the client does not push: the member id in the group, which the supervisor
   * needs to leave on behalf of a dead member. Under the consumer protocol a member without
   * partitions gets no callback; only its epoch shows that it has joined.
   */
  #ask(): void {
    const isTold = this.#told || this.#task.group.groupProtocol === 'classic';
    if (isTold && this.#toldName !== undefined) return;
    if (nowMs() - this.#askedAtMs < askMs) return;
    this.#askedAtMs = nowMs();
    if (this.#toldName === undefined) this.#tellName();
    if (!isTold && this.#consumer.generation() > 0) this.#postAssigned();
  }

  #tellName(): void {
    const groupMemberId = this.#consumer.memberId();
    if (groupMemberId === '') return;
    this.#toldName = groupMemberId;
    this.#post({ type: 'named', memberId: this.#task.memberId, groupMemberId });
  }

  #postAssigned(): void {
    this.#told = true;
    this.#post({
      type: 'assigned',
      memberId: this.#task.memberId,
      partitions: [...this.#assignment.owned.values()].map(({ partition }) => partition),
      waiting: this.#assignment.waitingPartitions,
    });
  }

  /** Nothing is read any more, so tables are handed over before the group knows: the next owner finds them free. */
  async #leave(beforeMs: number): Promise<void> {
    // Answers come with batches; what is in those is left to the next owner.
    const poll = (): number => this.#consumer.consumeBatch(closedPollMs, 1);
    const answered = (): Promise<void> => this.#commits.answered(Math.min(nowMs() + commitAnswerMsMax, beforeMs), poll);
    await answered();
    this.#commits.commit(this.#assignment.progress());
    for (const partition of [...this.#assignment.owned.keys()]) this.#assignment.release(partition);
    await answered();
    await this.#consumer.close(Math.max(0, beforeMs - nowMs()));
    this.#history?.left();
    this.#post({ type: 'left', memberId: this.#task.memberId });
  }
}
