import type { ManagedBrokers } from '../brokers/managed-brokers.ts';
import { GroupFailure } from '../cluster/group-failure.ts';
import { restartByDefault } from '../cluster/restart-policy.ts';
import { watchdogMsByDefault } from '../cluster/member-monitor.ts';
import { Supervisor } from '../cluster/supervisor.ts';
import type { WaitOptions } from '../time/wait-until.ts';
import { commitAnswerMsMax } from '../config/consumer-properties.ts';
import { timeBounds } from '../config/takeover-bounds.ts';
import { nowMs } from '../time/clock.ts';
import type { MemberId } from '../protocol/ids.ts';
import type { GroupView, LiveView } from '../results/live-state.ts';
import type { CheckResult, RestEvidence } from '../verify/check.ts';
import { toErrorReport, ClusterError } from '../errors.ts';
import type { HistoryRecorder } from '../history/history-recorder.ts';
import { collectEvidence, restOf } from './collect-evidence.ts';
import type { Instruction } from './instructions.ts';
import { startRetention } from './log-trimmer.ts';
import { Rates } from './rates.ts';
import { recordEndOffsets } from './record-end-offsets.ts';
import type { LiveGroupsOptions } from './live-groups-options.ts';
import { VerifiedHistory } from './verified-history.ts';

/** Time beyond a takeover that records may stay uncounted for no reported reason. */
const silenceMs = 11_000;
/** Limit of the members that users may add; the memory budget is divided by it. */
const membersToAdd = 4;

/** Several groups on one topic, each with its own pace and tables, and their instructions. */
export class LiveGroups {
  readonly #options: LiveGroupsOptions;
  readonly #groups: ReadonlyMap<string, Supervisor>;
  readonly #startMs = nowMs();
  readonly #rates = new Rates();
  readonly #history: VerifiedHistory | undefined;
  #watch: ReturnType<typeof recordEndOffsets> | undefined;
  readonly #watchFailure = new GroupFailure();
  #retention: ReturnType<typeof startRetention>;
  readonly #rest = new Map<string, RestEvidence>();
  /** By broker that is down: the index of its fault in the history. */
  readonly #brokersDown = new Map<number, number>();
  #faults = 0;

  constructor(options: LiveGroupsOptions) {
    this.#options = options;
    const { topic, topicId, connection, beginOffsets, initialDelayMs } = options;
    const contexts = options.groups.map(({ name, config }) => {
      const times = timeBounds(config, watchdogMsByDefault, { initialDelayMs, silenceMs });
      return { group: name, beginOffsets, ...times, commitAnswerMs: commitAnswerMsMax };
    });
    if (options.history !== false) this.#history = new VerifiedHistory({ groups: contexts, ...options.history });
    this.#groups = new Map(
      options.groups.map(({ name, members, config }) => {
        const history = this.#history?.group(name);
        const supervisor = new Supervisor({
          ...{ topic, connection, group: config },
          ...(topicId === undefined ? {} : { topicId }),
          ...{ beginOffsets, membersMax: members + membersToAdd },
          restart: restartByDefault,
          ...(history === undefined ? {} : { history }),
          onTruncation: options.onTruncation ?? 'stop',
          onEvent: (event) => {
            options.onEvent(name, event);
          },
        });
        return [name, supervisor] as const;
      }),
    );
  }

  get groups(): readonly Supervisor[] {
    return [...this.#groups.values()];
  }

  /** @throws ClusterError usage */
  group(name: string): Supervisor {
    const group = this.#groups.get(name);
    if (group === undefined) throw new ClusterError('usage', `no such group: ${name}`);
    return group;
  }

  /** Starts all members, waits until every group has settled, and opens the gates. */
  async start(options: WaitOptions): Promise<void> {
    for (const { name, members } of this.#options.groups) {
      for (let member = 0; member < members; member += 1) this.#groups.get(name)?.addMember();
    }
    const isShared = this.#options.groups.some(({ config }) => config.durable !== undefined);
    await this.#each((group) => group.waitSettled({ ...options, isShared }));
    await this.#each((group) => Promise.resolve(group.openGate()));
    this.#retention = startRetention(this.#options, [...this.#groups.values()]);
    if (this.#history === undefined) return;
    const { connection } = this.#options;
    if (connection.source !== 'mock') this.#watch = this.#createEndOffsetWatch(this.#history.recorder);
    for (const [name, group] of this.#groups) this.#history.sample(name, () => group.readers);
  }

  /**
   * @returns a line that reports what was done.
   * @throws ClusterError usage when it is impossible
   */
  async perform(instruction: Exclude<Instruction, { type: 'status' | 'stop' }>): Promise<string> {
    switch (instruction.type) {
      case 'add':
        return `member ${instruction.group}${this.group(instruction.group).addMember()} started`;
      case 'drain': {
        const { group, member } = instruction;
        await this.group(group).drainMember(member as MemberId);
        return `member ${group}${member} has left`;
      }
      case 'kill': {
        const { group, member } = instruction;
        await this.group(group).killMember(member as MemberId);
        return `member ${group}${member} was killed`;
      }
      case 'killBroker':
        this.#brokerFault('faultBegun', instruction.nodeId);
        await this.#managed().kill(instruction.nodeId);
        return `broker ${instruction.nodeId} was killed (kill -9)`;
      case 'restartBroker':
        await this.#managed().restart(instruction.nodeId);
        this.#brokerFault('faultEnded', instruction.nodeId);
        return `broker ${instruction.nodeId} is back in service`;
    }
  }

  /** @param produced - number of records in the topic */
  view(produced: number): LiveView {
    const atMs = nowMs();
    return {
      elapsedMs: atMs - this.#startMs,
      produced,
      producedPerSecond: this.#rates.perSecond('produced', produced, atMs),
      groups: [...this.#groups].map(([name, group]) => this.#groupView(name, group, produced, atMs)),
    };
  }

  /** Resolves when all groups have counted up to the end offsets. */
  async catchUp(endOffsets: readonly number[], options: WaitOptions): Promise<void> {
    await this.#each((group) => group.waitReached({ ...options, endOffsets }));
  }

  /** Waits until the groups have settled or time is over; keeps their states for `verify`. */
  async rest(endOffsets: readonly number[], options: WaitOptions): Promise<void> {
    if (this.#history === undefined) return;
    await this.#each((group) => group.waitSettled(options).catch(() => undefined));
    for (const [name, group] of this.#groups) this.#rest.set(name, restOf(group, endOffsets));
  }

  /** Rejects with the first error that ends a group, or that ends the watch of the topic. */
  failure(): Promise<never> {
    return new Promise((_, reject) => {
      for (const failed of [...[...this.#groups.values()].map((group) => group.failed), this.#watchFailure.signal]) {
        const fail = (): void => {
          reject(failed.reason as Error);
        };
        if (failed.aborted) fail();
        else failed.addEventListener('abort', fail);
      }
    });
  }

  async stop(how: 'drain' | 'kill'): Promise<void> {
    await Promise.all([this.#watch?.end(), this.#retention?.trimmer.end(how)]);
    await this.#each((group) => group.stop(how));
    this.#history?.end();
  }

  /** All words of each group. Call it when all members have ended. */
  counts(): Map<string, ReadonlyMap<string, number>> {
    return new Map([...this.#groups].map(([name, group]) => [name, group.counts() ?? new Map<string, number>()]));
  }

  /**
   * Checks each group against the history and the reread topic, after all members have ended.
   * @returns no results without a history
   * @throws ClusterError as collectEvidence does
   */
  async verify(options: {
    readonly generated: ReadonlyMap<string, number>;
    readonly acknowledged: readonly number[];
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
  }): Promise<Map<string, CheckResult[]>> {
    const results = new Map<string, CheckResult[]>();
    const { connection, topic, beginOffsets } = this.#options;
    for (const { name, config } of this.#options.groups) {
      if (this.#history === undefined) break;
      const supervisor = this.group(name);
      const deleted = this.#retention === undefined ? {} : { countedLog: this.#retention.log };
      const evidence = { supervisor, connection, topic, group: config, beginOffsets, ...deleted, ...options };
      const rest = this.#rest.get(name);
      const found = await collectEvidence(evidence);
      results.set(name, this.#history.verify(name, rest === undefined ? found : { rest, ...found }));
    }
    return results;
  }

  #createEndOffsetWatch(recorder: HistoryRecorder): ReturnType<typeof recordEndOffsets> {
    const { connection, topic, onEvent } = this.#options;
    const [firstGroup = ''] = this.#groups.keys();
    return recordEndOffsets(recorder, {
      ...{ connection, topic },
      onTrouble: (error) => {
        onEvent(firstGroup, { type: 'topicTrouble', error: toErrorReport(error) });
      },
      onLasting: (error) => {
        this.#watchFailure.fail(error);
      },
    });
  }

  #brokerFault(type: 'faultBegun' | 'faultEnded', nodeId: number): void {
    if (type === 'faultBegun') this.#brokersDown.set(nodeId, this.#faults++);
    const index = this.#brokersDown.get(nodeId);
    if (index === undefined) return;
    this.#history?.recorder.record({ type, index, kind: 'broker-kill', scope: 'broker', target: `broker ${nodeId}` });
  }

  #groupView(name: string, group: Supervisor, produced: number, atMs: number): GroupView {
    const snapshot = group.snapshot();
    const { records, refused } = snapshot;
    return {
      name,
      records,
      recordsPerSecond: this.#rates.perSecond(name, records, atMs),
      // Acknowledgements may arrive after the records were counted.
      lag: Math.max(0, produced - records),
      refused,
      topWords: [...(group.rankedWords(this.#options.topWords)?.entries ?? [])],
      members: snapshot.members.map(({ memberId, phase, partitions, meter }) => ({
        memberId,
        phase,
        partitions,
        recordsPerSecond: this.#rates.perSecond(`${name}${memberId}`, meter.records, atMs),
      })),
    };
  }

  async #each<T>(action: (group: Supervisor) => Promise<T>): Promise<void> {
    await Promise.all([...this.#groups.values()].map(action));
  }

  #managed(): ManagedBrokers {
    const { managed } = this.#options;
    if (managed !== undefined) return managed;
    throw new ClusterError('usage', 'these brokers were not started by this process', {
      hint: 'kill them where they run, or omit --bootstrap-server after `consumer-cluster brokers stop`',
    });
  }
}
