import type { DurableConfig, GroupConfig } from '../config/group.ts';
import { fromErrorReport, toErrorReport, ClusterError } from '../errors.ts';
import { ChangelogAdmin } from '../kafka/kafkajs/changelog-admin.ts';
import { ensureChangelogTopic } from '../kafka/kafkajs/changelog-topic.ts';
import type { ChangelogMessage, ChangelogOrder, ChangelogTask } from '../protocol/changelog-task.ts';
import type { Partition } from '../protocol/ids.ts';
import type { MemberMessage } from '../protocol/messages.ts';
import { sleep, startTimer } from '../time/sleep.ts';
import { builtFile, WorkerThread } from '../worker-thread.ts';
import { untilAnswered } from './lasting-trouble.ts';
import { StandbyCopies } from './standby-copies.ts';
import type { ChangelogEvent, ClusterEvent, SupervisorOptions } from './supervisor-options.ts';
import type { TableRegistry } from './table-registry.ts';
import type { AddedTables } from './topic-changes.ts';

export interface ChangelogOptions {
  readonly run: string;
  readonly tables: TableRegistry;
  readonly signal: AbortSignal;
  readonly emit: (event: ClusterEvent) => void;
  readonly onFailure: (error: ClusterError) => void;
}

type CountedGroup = Pick<SupervisorOptions, 'connection' | 'topic' | 'topicId'> & {
  readonly group: GroupConfig & { readonly durable: DurableConfig };
};

/** @returns undefined for a group that is not durable */
export function createChangelog(options: SupervisorOptions, own: ChangelogOptions): Changelog | undefined {
  const { group } = options;
  const { durable } = group;
  return durable === undefined ? undefined : new Changelog({ ...options, group: { ...group, durable } }, own);
}

type Request = Extract<MemberMessage, { type: 'restoreWanted' }>;

/** Bound on one call to the brokers. */
const askMs = 3_000;
/** Between two looks for transactions of dead members while a restore waits. */
const lookMs = 200;
const stopMsMax = 2_000;
const heapMibMax = 128;

/**
 * The supervisor's side of a durable group: the changelog thread, and what the brokers have to be
 * asked before a table may be granted. The end of a changelog partition is asked for after the group
 * has assigned the partition, so everything that a former owner has committed lies below it.
 * Transactions of members that are no longer in the group are ended, because the changelog can't be
 * read past them.
 */
export class Changelog {
  readonly #group: CountedGroup;
  readonly #options: ChangelogOptions;
  readonly #admin: ChangelogAdmin;
  readonly #thread: WorkerThread<ChangelogOrder, ChangelogMessage>;
  /** Undefined when every process holds every table. */
  readonly #copies: StandbyCopies | undefined;
  readonly #open = new Map<Partition, number>();
  readonly #asked = new Set<Request>();
  #isAsking = false;
  #isEnding = false;
  #isStopping = false;

  constructor(group: CountedGroup, options: ChangelogOptions) {
    const { run, tables } = options;
    const { connection, topicId, group: config } = group;
    this.#group = group;
    this.#options = options;
    this.#admin = new ChangelogAdmin(connection, askMs);
    const clientId = `${config.groupId}-changelog-${run}`;
    this.#thread = new WorkerThread({
      file: builtFile('member/changelog-entry.js'),
      name: clientId,
      task: {
        ...{ connection, clientId, topicId, group: config },
        ...{ tables: tables.buffers, durableCells: tables.durableCells },
      } satisfies ChangelogTask,
      heapMibMax,
      onMessage: (message: ChangelogMessage) => {
        this.#onMessage(message);
      },
    });
    this.#copies = this.#createCopies();
    void this.#thread.ended.then(({ error }) => {
      if (this.#isStopping) return;
      options.onFailure(new ClusterError('internal', `the changelog thread ended: ${error?.message ?? 'no error'}`));
    });
  }

  /** A member waits for a table. */
  request(request: Request): void {
    // Messages of different members may overtake each other: the table is asked for by the last one.
    if (!this.#options.tables.isRequested(request.partition, request.request)) return;
    this.#open.set(request.partition, request.request);
    this.#asked.add(request);
    this.#copies?.changed();
    void this.#askEnds();
    void this.#endDeadTransactions();
  }

  /** Partitions were added to the topic: the changelog gets as many. */
  async tablesAdded(added: AddedTables): Promise<void> {
    this.#thread.post({ type: 'tablesAdded', ...added });
    const { connection, topic: source } = this.#group;
    const changelog = { topic: this.#topic, source, partitions: this.#options.tables.buffers.length };
    await this.#untilAnswered(() => ensureChangelogTopic(connection, { ...changelog, timeoutMs: askMs }));
  }

  /** Members have ended. The thread has released its tables when it resolves. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#thread.post({ type: 'stop' });
    const timer = startTimer(stopMsMax, () => void this.#thread.terminate());
    await this.#thread.ended;
    timer.clear();
    await this.#admin.close();
  }

  #createCopies(): StandbyCopies | undefined {
    const { group, topic } = this.#group;
    const { run, tables, signal } = this.#options;
    const { standby: copies } = group.durable;
    if (copies === 'all') return undefined;
    const { staticMembership, groupInstanceId = group.groupId } = group;
    return new StandbyCopies({
      ...{ run: staticMembership ? groupInstanceId : run, copies, signal },
      processes: () => this.#admin.processes(group, { topic, partitions: tables.buffers.length }),
      hold: (partitions) => {
        this.#thread.post({ type: 'hold', partitions });
      },
      onTrouble: (error) => {
        this.#emit({ type: 'trouble', error: toErrorReport(error) });
      },
    });
  }

  get #topic(): string {
    return this.#group.group.durable.changelogTopic;
  }

  /** One question for all requests that have come until the brokers have answered the last one. */
  async #askEnds(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#asked.size > 0 && !this.#options.signal.aborted) {
      const requests = [...this.#asked];
      this.#asked.clear();
      const partitions = requests.map(({ partition }) => partition);
      const ends = await this.#untilAnswered(() => this.#admin.changelogEnds(this.#topic, partitions));
      if (ends === undefined) break;
      for (const [index, { partition, request }] of requests.entries()) {
        this.#thread.post({ type: 'restore', partition, request, endOffset: ends[index] ?? 0 });
      }
    }
    this.#isAsking = false;
  }

  /** Repeats it until every restore has reached its end: a member may die meanwhile. */
  async #endDeadTransactions(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { signal } = this.#options;
    while (this.#isAwaited() && !signal.aborted) {
      const ended = await this.#untilAnswered(() => this.#admin.endDeadTransactions(this.#group.group.groupId));
      if (ended !== undefined && ended.length > 0) this.#emit({ type: 'transactionsEnded', transactionalIds: ended });
      await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    }
    this.#isEnding = false;
  }

  /** A member waits for a table. Requests of members that have ended or lost the partition are dropped. */
  #isAwaited(): boolean {
    const { tables } = this.#options;
    for (const [partition, request] of this.#open) {
      if (!tables.isRequested(partition, request)) this.#open.delete(partition);
    }
    return this.#open.size > 0;
  }

  /** @returns undefined when the group is being ended */
  #untilAnswered<T>(ask: () => Promise<T>): Promise<T | undefined> {
    const { signal, onFailure } = this.#options;
    const onTrouble = (error: ClusterError): void => {
      this.#emit({ type: 'trouble', error: toErrorReport(error) });
    };
    return untilAnswered(ask, { signal, onTrouble, onLasting: onFailure, retryMs: lookMs });
  }

  #emit(event: ChangelogEvent): void {
    this.#options.emit({ type: 'changelog', event });
  }

  #onMessage(message: ChangelogMessage): void {
    switch (message.type) {
      case 'restored': {
        const { request, ...restored } = message;
        if (this.#open.get(message.partition) === request) this.#open.delete(message.partition);
        this.#emit(restored);
        return;
      }
      case 'restoring':
      case 'discarded':
        this.#emit(message);
        return;
      case 'notice':
        this.#emit({ type: 'trouble', error: message.error });
        return;
      case 'failed':
        this.#isStopping = true;
        // The thread would not end: its client still waits for events.
        void this.#thread.terminate();
        this.#options.onFailure(fromErrorReport(message.error));
    }
  }
}
