import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { TableReader } from '../count/table-reader.ts';
import { mergeCounts, topWords, type RankedWords } from '../count/top-words.ts';
import { toErrorReport, WordcountError } from '../errors.ts';
import { GroupObserver } from '../kafka/group-observer.ts';
import { nowMs } from '../metrics/clock.ts';
import { createGate, openGate } from '../metrics/gate.ts';
import type { MemberId } from '../protocol/ids.ts';
import type { MemberMessage, Sabotage } from '../protocol/messages.ts';
import { groupSettled } from './group-settled.ts';
import { MemberHandle } from './member-handle.ts';
import { recordedEvent } from './recorded-event.ts';
import { ended } from './member-state.ts';
import { TopicGuard } from './topic-guard.ts';
import { MemberWatch } from './member-watch.ts';
import { afterEnd } from './restart-policy.ts';
import { takeSnapshot, type GroupSnapshot } from './snapshot.ts';
import type { ClusterEvent, SupervisorOptions } from './supervisor-options.ts';
import { TableRegistry } from './table-registry.ts';
import { waitUntil, type WaitOptions } from './wait-until.ts';

/** A member whose loop stands still this long is taken for stuck. */
export const watchdogMsByDefault = 10_000;
const drainMs = 10_000;
/** Past its own deadline a draining member gets this long before its thread is ended. */
const drainGraceMs = 1_000;
/** Bound on what the supervisor asks of the brokers while the group runs. */
const observeMs = 3_000;

/**
 * Runs one group: starts its members in threads of their own, watches them, recovers the tables of those that crash and
 * replaces them. A member that dies never takes the process with it.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #gate = createGate();
  readonly #tables: TableRegistry;
  readonly #members = new Map<MemberId, MemberHandle>();
  readonly #watch: MemberWatch;
  readonly #observer: GroupObserver;
  readonly #topic: TopicGuard;
  /** Members that the group is to miss by their silence. */
  readonly #silent = new Set<MemberId>();
  readonly #crashesMs: number[] = [];
  readonly #run = randomUUID().slice(0, 8);
  #nextMemberId = 0;
  readonly #stopping = new AbortController();
  #failure: WordcountError | undefined;
  readonly #failing = new AbortController();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#tables = new TableRegistry(options.beginOffsets, options.tableLimitBytes ?? 2 ** 31, options.history);
    this.#observer = new GroupObserver(options.connection, options.group, observeMs);
    this.#watch = this.#createMemberWatch();
    this.#topic = this.#createTopicGuard();
  }

  /** Aborted, with the error as its reason, when the group cannot go on. The waits throw that error by themselves. */
  get failed(): AbortSignal {
    return this.#failing.signal;
  }

  /** Starts one more member. */
  addMember(): MemberId {
    const { topic, connection, group, beginOffsets, endOffsets, membersMax, latencyPoints: points } = this.#options;
    const memberId = this.#nextMemberId as MemberId;
    this.#nextMemberId += 1;
    const handle = new MemberHandle(
      {
        memberId,
        clientId: `${group.groupId}-${memberId}-${this.#run}`,
        topic,
        connection,
        group,
        queuedKbytesMax: Math.max(1_024, Math.floor((group.memoryMib * 1_024) / membersMax)),
        gate: this.#gate,
        tables: this.#tables.buffers,
        endOffsets,
        history: this.#options.history?.addMember(memberId),
        latency: points === undefined ? undefined : { points, beginOffsets },
      },
      (message) => {
        this.#onMessage(message);
      },
    );
    this.#members.set(memberId, handle);
    this.#emit({ type: 'started', memberId });
    void handle.exited.then((code) => {
      this.#onExit(handle, code);
    });
    return memberId;
  }

  /** The member finishes its batch, commits, hands over and leaves; resolves when its thread has ended. */
  async drainMember(memberId: MemberId): Promise<void> {
    const handle = this.#handle(memberId);
    this.#options.history?.record({ type: 'drainAsked', member: memberId });
    handle.drain(drainMs);
    const timer = setTimeout(() => void handle.terminate(), drainMs + drainGraceMs);
    await handle.exited;
    clearTimeout(timer);
  }

  /**
   * A crash: nothing is handed over, the member does not leave its group. Resolves when its thread has ended.
   * @param options.leaveForIt - whether the group is left in its name afterwards, as after any crash; if not, the group
   *   learns of its death by its silence
   */
  async killMember(memberId: MemberId, { leaveForIt = true } = {}): Promise<void> {
    const handle = this.#handle(memberId);
    this.#options.history?.record({ type: 'terminated', member: memberId });
    if (!leaveForIt) this.#silent.add(memberId);
    await handle.terminate();
    await handle.exited;
  }

  /** Makes a member fail from inside: what `stress` uses. */
  sabotageMember(memberId: MemberId, how: Sabotage): void {
    this.#handle(memberId).sabotage(how);
  }

  /** Resolves when every partition has exactly one owner and surplus members stand by. */
  async waitSettled(options: WaitOptions): Promise<void> {
    const settled = (): boolean => {
      this.#throwFailure();
      return groupSettled(
        [...this.#members.values()].map(({ state }) => state),
        this.#tables.buffers.length,
      );
    };
    await waitUntil(
      settled,
      options,
      () => `group ${this.#options.group.groupId} has not come to rest: ${this.#phases()}`,
    );
  }

  /** The tables, index is the partition: for looking at counts while members write. */
  get readers(): readonly TableReader[] {
    return this.#tables.readers;
  }

  /** Lets all members fetch at once. @returns the moment, metrics/clock.ts */
  openGate(): number {
    const atMs = nowMs();
    openGate(this.#gate);
    return atMs;
  }

  /** Resolves when the tables have reached the given offsets (those of the options by default), exclusive. */
  async waitReached(options: WaitOptions & { readonly endOffsets?: readonly number[] }): Promise<void> {
    const ends = options.endOffsets ?? this.#options.endOffsets ?? [];
    const missing = (): number =>
      this.#tables.nextOffsets().reduce((sum, next, partition) => sum + Math.max(0, (ends[partition] ?? 0) - next), 0);
    await waitUntil(
      () => {
        this.#throwFailure();
        return missing() === 0;
      },
      options,
      () =>
        `group ${this.#options.group.groupId} has not reached its end offsets, ${missing()} to go: ${this.#phases()}`,
    );
    // Whatever was counted until now came from the one topic, or this throws: nobody gets counts of two.
    await this.#lookAtTopic();
    this.#throwFailure();
  }

  async #lookAtTopic(): Promise<void> {
    try {
      await this.#topic.lookNow();
    } catch {
      // No broker answers, or none that tells ids: no reason to throw away a count.
    }
  }

  snapshot(): GroupSnapshot {
    const { groupId } = this.#options.group;
    return takeSnapshot(groupId, this.#tables, [...this.#members.values()], this.#topic.lost);
  }

  /**
   * The most frequent words over all partitions, after whole batches of each.
   * @param top - how many; Infinity for all
   * @returns undefined while a member that died within a batch has not been recovered yet
   */
  rankedWords(top: number): RankedWords | undefined {
    return topWords(this.#tables.readers, top);
  }

  /** Every word over all partitions, 2^24 distinct ones at most; undefined as for rankedWords. */
  counts(): Map<string, number> | undefined {
    return mergeCounts(this.#tables.readers);
  }

  /** Ends all members, gracefully or not. All threads are gone when it resolves. */
  async stop(how: 'drain' | 'kill'): Promise<void> {
    this.#stopping.abort();
    const live = [...this.#members.values()].filter(({ state }) => !ended(state));
    const end = (handle: MemberHandle): Promise<void> =>
      how === 'drain' ? this.drainMember(handle.memberId) : this.killMember(handle.memberId);
    await Promise.all(live.map(end));
    this.#watch.stop();
    this.#topic.stop();
    await this.#observer.close();
  }

  #onMessage(message: MemberMessage): void {
    this.#members.get(message.memberId)?.apply(message);
    if (message.type === 'assigned') this.#topic.ensureTables(Math.max(0, ...message.waiting.map((each) => each + 1)));
    if (message.type === 'outOfRange') {
      void this.#topic.outOfRange(message.memberId, message.partition, message.nextOffset);
    }
    if (message.type === 'revoked') this.#watch.gaveBack(message.memberId, message.partitions);
    this.#emit(message);
  }

  #onExit(handle: MemberHandle, code: number): void {
    const { memberId } = handle;
    handle.apply({ type: 'exited' });
    const crashed = handle.state.phase === 'crashed';
    this.#options.history?.threadJoined(memberId);
    for (const table of this.#tables.recoverTablesOf(memberId)) this.#emit({ type: 'recovered', memberId, ...table });
    this.#options.history?.memberEnded(memberId);
    this.#emit({ type: 'exited', memberId, code, crashed });
    const stopping = this.#stopping.signal.aborted;
    if (crashed && !stopping && !this.#silent.has(memberId)) void this.#leaveFor(handle);
    if (crashed && !stopping) this.#crashesMs.push(nowMs());
    const wasLast = [...this.#members.values()].every(({ state }) => ended(state));
    const { error, hopeless } = handle;
    const member = { crashed, stopping, failed: error !== undefined, hopeless, wasLast };
    const next = afterEnd(member, this.#options.restart, this.#crashesMs);
    if (next.type === 'replace') void this.#replaceAfter(next.delayMs);
    if (next.type !== 'giveUp') return;
    this.#fail(error ?? new WordcountError('memberFailed', `member ${memberId} crashed and was the last one`));
  }

  #fail(error: WordcountError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#failing.abort(error);
  }

  async #replaceAfter(delayMs: number): Promise<void> {
    try {
      await sleep(delayMs, undefined, { signal: this.#stopping.signal });
    } catch {
      return;
    }
    this.addMember();
  }

  /** Only once the thread is over: the client that it had can join no more. */
  async #leaveFor({ memberId, groupMemberId }: MemberHandle): Promise<void> {
    if (groupMemberId === undefined) return;
    try {
      await this.#observer.leaveFor(groupMemberId);
      this.#emit({ type: 'leftFor', memberId });
    } catch (error) {
      // The group then misses the member by its silence.
      if (!this.#stopping.signal.aborted) this.#emit({ type: 'notice', memberId, error: toErrorReport(error) });
    }
  }

  #createMemberWatch(): MemberWatch {
    return new MemberWatch({
      watchdogMs: this.#options.watchdogMs ?? watchdogMsByDefault,
      tables: this.#tables,
      members: () => [...this.#members.values()],
      onStuck: (memberId) => {
        this.#emit({ type: 'stuck', memberId });
        // Its tables are taken in this turn of the event loop, its thread ends in a later one.
        void this.killMember(memberId);
      },
      onFenced: (memberId, partition) => {
        this.#emit({ type: 'tableTaken', memberId, partition });
      },
    });
  }

  #createTopicGuard(): TopicGuard {
    return new TopicGuard({
      group: this.#options,
      observer: this.#observer,
      tables: this.#tables,
      signal: this.#stopping.signal,
      onTables: (firstPartition, tables) => {
        for (const handle of this.#members.values()) handle.tell({ type: 'tables', firstPartition, tables });
      },
      onPartitions: (partitions) => {
        this.#emit({ type: 'partitionsAdded', partitions });
      },
      onGoOn: (memberId, partition, nextOffset) => {
        this.#handle(memberId).tell({ type: 'goOn', partition, nextOffset });
      },
      onLost: (memberId, lost) => {
        this.#emit({ type: 'recordsLost', memberId, ...lost });
      },
      onFailure: (error) => {
        this.#fail(error);
      },
    });
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #handle(memberId: MemberId): MemberHandle {
    const handle = this.#members.get(memberId);
    if (handle === undefined) throw new WordcountError('usage', `there is no member ${memberId}`);
    return handle;
  }

  #phases(): string {
    return [...this.#members.values()].map(({ memberId, state }) => `member ${memberId} ${state.phase}`).join(', ');
  }

  #emit(event: ClusterEvent): void {
    const recorded = recordedEvent(event);
    if (recorded !== undefined) this.#options.history?.record(recorded);
    this.#options.onEvent?.(event);
  }
}
