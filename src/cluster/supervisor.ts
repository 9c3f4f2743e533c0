import { randomUUID } from 'node:crypto';
import type { TableReader } from '../count/table-reader.ts';
import { countsOfTables, topWords, type RankedWords } from '../count/top-words.ts';
import { ClusterError } from '../errors.ts';
import { GroupObserver } from '../kafka/kafkajs/group-observer.ts';
import { nowMs } from '../time/clock.ts';
import { createGate, openGate } from '../protocol/cells/gate.ts';
import { sleep } from '../time/sleep.ts';
import type { MemberId } from '../protocol/ids.ts';
import type { InjectedFailure, MemberMessage } from '../protocol/messages.ts';
import { createChangelog, type Changelog } from './changelog.ts';
import { Crashes } from './crashes.ts';
import { Departures } from './departures.ts';
import { GroupFailure } from './group-failure.ts';
import { untilReached, untilSettled, type ReachOptions, type SettleOptions, type WaitedGroup } from './group-waits.ts';
import { MemberHandle } from './member-handle.ts';
import { newMemberTask } from './new-member-task.ts';
import { recordedEvent } from './recorded-event.ts';
import { TopicChanges, type AddedTables } from './topic-changes.ts';
import { MemberMonitor, watchdogMsByDefault } from './member-monitor.ts';
import { afterEnd } from './restart-policy.ts';
import { Roster } from './roster.ts';
import { takeSnapshot, type GroupSnapshot } from './snapshot.ts';
import type { ClusterEvent, SupervisorOptions } from './supervisor-options.ts';
import { TableRegistry } from './table-registry.ts';

const drainMs = 10_000;
/** Bound on what the supervisor asks of the brokers while the group runs. */
const observeMs = 3_000;

/**
 * Runs one group: starts each member in its own thread, monitors them, recovers the tables of
 * crashed members and replaces those members. A member that dies never takes the process down.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #gate = createGate();
  readonly #tables: TableRegistry;
  readonly #roster: Roster;
  readonly #monitor: MemberMonitor;
  readonly #observer: GroupObserver;
  readonly #topic: TopicChanges;
  readonly #departures: Departures;
  readonly #changelog: Changelog | undefined;
  readonly #crashes = new Crashes();
  readonly #run = randomUUID().slice(0, 8);
  #nextMemberId = 0;
  readonly #stopping = new AbortController();
  readonly #failure = new GroupFailure();
  readonly #fail = (error: unknown): void => {
    this.#failure.fail(error);
  };
  readonly #emit = (event: ClusterEvent): void => {
    const recorded = recordedEvent(event);
    if (recorded !== undefined) this.#options.history?.record(recorded);
    this.#options.onEvent?.(event);
  };

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#roster = new Roster(options.group.groupId);
    this.#tables = new TableRegistry(options);
    this.#observer = new GroupObserver(options.connection, options.group, observeMs);
    const parts = { observer: this.#observer, roster: this.#roster, tables: this.#tables };
    const shared = { ...parts, signal: this.#stopping.signal, emit: this.#emit, onFailure: this.#fail };
    this.#departures = new Departures({ ...options, ...shared });
    this.#monitor = this.#createMemberMonitor();
    const onTables = (added: AddedTables): void => void this.#changelog?.tablesAdded(added);
    this.#topic = new TopicChanges({ ...shared, group: options, onTables });
    this.#changelog = createChangelog(options, { ...shared, run: this.#run });
  }

  /** Aborted when the group fails, with the error as reason. The waits throw that error. */
  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  /** Whether members that start from now on are static. Running members do not change. */
  set staticMembership(on: boolean) {
    this.#departures.staticMembership = on;
  }

  /** False once `stop` was called. */
  get takesMembers(): boolean {
    return !this.#roster.isClosed;
  }

  /** @throws ClusterError usage once `stop` was called */
  addMember(): MemberId {
    this.#roster.requireOpen();
    const memberId = this.#nextMemberId++ as MemberId;
    const groupInstanceId = this.#departures.instanceIdForNext();
    const own = { memberId, groupInstanceId, run: this.#run, gate: this.#gate, tables: this.#tables };
    const handle = new MemberHandle(newMemberTask(this.#options, own), (message) => {
      this.#onMessage(message);
    });
    this.#roster.add(handle);
    this.#emit({ type: 'started', memberId });
    void handle.exited.then((code) => {
      this.#onExit(handle, code);
    });
    return memberId;
  }

  /** The member finishes its batch, commits, hands over and leaves; resolves when its thread has ended. */
  async drainMember(memberId: MemberId): Promise<void> {
    const handle = this.#roster.get(memberId);
    this.#options.history?.record({ type: 'drainAsked', member: memberId });
    await handle.drain(drainMs);
  }

  /**
   * A crash, without hand-over or LeaveGroup. Resolves when the thread has ended.
   * @param options.leaveForIt - whether the supervisor then leaves the group on the member's behalf
   */
  async killMember(memberId: MemberId, { leaveForIt = true } = {}): Promise<void> {
    const handle = this.#roster.get(memberId);
    this.#options.history?.record({ type: 'terminated', member: memberId });
    if (!leaveForIt) this.#departures.suppressLeave(memberId);
    await handle.terminate();
    await handle.exited;
  }

  /** Makes a member fail from inside; only `stress` does this. */
  injectFailure(memberId: MemberId, failure: InjectedFailure): void {
    this.#roster.get(memberId).injectFailure(failure);
  }

  async waitSettled(options: SettleOptions): Promise<void> {
    await untilSettled(this.#waited(), options);
  }

  /** The tables, index is the partition: for looking at counts while members write. */
  get readers(): readonly TableReader[] {
    return this.#tables.readers;
  }

  /** Lets all members fetch at once. @returns the time, time/clock.ts */
  openGate(): number {
    const atMs = nowMs();
    openGate(this.#gate);
    return atMs;
  }

  /** Resolves when the tables have reached the given offsets (those of the options by default), exclusive. */
  async waitReached(options: ReachOptions & { readonly endOffsets?: readonly number[] }): Promise<void> {
    await untilReached(this.#waited(), options.endOffsets ?? this.#options.endOffsets ?? [], options);
    // Throws unless all records counted so far came from the same topic.
    await this.#topic.lookNow();
    this.#failure.throwIfFailed();
  }

  snapshot(): GroupSnapshot {
    return takeSnapshot(this.#options.group.groupId, this.#tables, this.#roster.all, this.#topic.lost);
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
    return countsOfTables(this.#tables.readers);
  }

  /** Ends all members, gracefully or not. All threads are gone when it resolves. */
  async stop(how: 'drain' | 'kill'): Promise<void> {
    this.#roster.close();
    this.#stopping.abort();
    const end = { drain: (id: MemberId) => this.drainMember(id), kill: (id: MemberId) => this.killMember(id) }[how];
    await Promise.all(this.#roster.live.map(({ memberId }) => end(memberId)));
    // A member that has left is not live, but its thread may still be ending.
    await Promise.all(this.#roster.all.map(({ exited }) => exited));
    this.#monitor.stop();
    this.#topic.stop();
    await this.#changelog?.stop();
    if (how === 'drain') await this.#departures.groupStopped();
    await this.#observer.close();
  }

  #onMessage(message: MemberMessage): void {
    const handle = this.#roster.find(message.memberId);
    handle?.apply(message);
    // The thread would not end: its client still waits for events.
    if (message.type === 'failed') void handle?.terminate();
    this.#topic.onMessage(message);
    if (message.type === 'restoreWanted') this.#changelog?.request(message);
    if (message.type === 'revoked') this.#monitor.onRevoked(message.memberId, message.partitions);
    this.#emit(message);
  }

  #onExit(handle: MemberHandle, code: number): void {
    const { memberId } = handle;
    handle.apply({ type: 'exited' });
    const crashed = handle.state.phase === 'crashed';
    this.#options.history?.threadJoined(memberId);
    for (const table of this.#tables.recoverTablesOf(memberId)) this.#emit({ type: 'recovered', memberId, ...table });
    this.#tables.dropRequestsOf(memberId);
    this.#options.history?.memberEnded(memberId);
    const stopping = this.#stopping.signal.aborted;
    if (crashed && !stopping) this.#crashes.add(handle);
    const { error, fenced } = handle;
    const { group, restart } = this.#options;
    const hopeless = this.#departures.isTakenElsewhere(handle) || this.#crashes.repeats(handle, group);
    const end = { crashed, stopping, failed: error !== undefined, fenced, hopeless };
    const member = { ...end, wasLast: this.#roster.live.length === 0 };
    const next = afterEnd(member, restart, this.#crashes.timesMs);
    this.#emit({ type: 'exited', memberId, code, crashed, replaced: next.type === 'replace' });
    const mayJoin = this.#departures.memberExited(handle, next.type === 'replace' ? next.delayMs : undefined);
    if (next.type === 'replace') this.#replaceAfter(next.delayMs, mayJoin).catch(this.#fail);
    if (next.type !== 'giveUp') return;
    this.#failure.fail(error ?? new ClusterError('memberFailed', `member ${memberId}, the last one, crashed`));
  }

  async #replaceAfter(delayMs: number, mayJoin: Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    await Promise.all([sleep(delayMs, undefined, { signal }).catch(() => undefined), mayJoin]);
    if (!signal.aborted) this.addMember();
  }

  #createMemberMonitor(): MemberMonitor {
    return new MemberMonitor({
      watchdogMs: this.#options.watchdogMs ?? watchdogMsByDefault,
      tables: this.#tables,
      members: () => this.#roster.all,
      onStuck: (memberId) => {
        this.#emit({ type: 'stuck', memberId });
        // Its tables are taken in this turn of the event loop, its thread ends in a later one.
        void this.killMember(memberId);
      },
      onLeaseRevoked: (memberId, partition) => {
        this.#emit({ type: 'leaseRevoked', memberId, partition });
      },
    });
  }

  #waited(): WaitedGroup {
    return { groupId: this.#options.group.groupId, roster: this.#roster, tables: this.#tables, failure: this.#failure };
  }
}
