import { randomUUID } from 'node:crypto';
import { withChildProperties } from '../../config/child-properties.ts';
import { settleTimeoutMs } from '../../config/takeover-bounds.ts';
import { changelogTopicOf } from '../../protocol/changelog-format.ts';
import { ensureChangelogTopic } from '../../kafka/kafkajs/changelog-topic.ts';
import { createTopic } from '../../kafka/kafkajs/create-topic.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep, sleepUntil } from '../../time/sleep.ts';
import { WeightedFeed } from '../../workload/weighted-feed.ts';
import { FaultLog } from '../fault-log.ts';
import { FaultRunner } from '../faults/fault-runner.ts';
import { unlessAborted } from '../hurry.ts';
import type { RunOutcome } from '../run-outcome.ts';
import type { RunResources } from '../run-resources.ts';
import type { StressRunOptions } from '../stress-run.ts';
import { ThroughputRecorder } from '../throughput.ts';
import { ChangelogTail } from './changelog-tail.ts';
import { finalDifferences } from './final-differences.ts';
import { ProcessChecks, type ProcessEvidence } from './process-checks.ts';
import type { ProcessEvent } from './process-event.ts';
import { processFaultOf, type ProcessFaultKind, type ProcessWorld } from './process-faults.ts';
import { ProcessGroup } from './process-group.ts';
import { ProcessHistory } from './process-history.ts';
import { ProcessTakeovers } from './process-takeovers.ts';
import { processArgs, sessionMsOf, type ProcessPlan } from './process-plan.ts';
import { removeRun } from './remove-run.ts';
import { WordsBelow } from './words-below.ts';

const adminMs = 20_000;
const lookMs = 50;
const tokenizer = 'unicode';

/** One run: a topic, a durable group of processes, a feed, the faults of the plan, then the verdict. */
export class ProcessRun {
  readonly #plan: ProcessPlan;
  readonly #resources: RunResources;
  readonly #options: StressRunOptions;
  readonly #topic: string;
  readonly #changelogTopic: string;
  readonly #sessionTimeoutMs: number;
  readonly #checks: ProcessChecks;
  readonly #history: ProcessHistory;
  readonly #throughput = new ThroughputRecorder();
  /** By the commits seen so far; index is the partition. */
  readonly #committed: number[] = [];
  readonly #takeovers = new ProcessTakeovers();
  readonly #feed: WeightedFeed;
  readonly #tail: ChangelogTail;
  readonly #faults: FaultLog<ProcessFaultKind>;

  constructor(plan: ProcessPlan, resources: RunResources, options: StressRunOptions) {
    this.#plan = plan;
    this.#resources = resources;
    this.#options = options;
    const { partitions, rate } = plan;
    const { connection } = resources;
    this.#topic = `stress-${plan.seed}-${randomUUID().slice(0, 8)}`;
    this.#changelogTopic = changelogTopicOf(this.#topic);
    this.#sessionTimeoutMs = sessionMsOf(plan, resources.limits);
    const below = new WordsBelow(partitions, tokenizer);
    this.#checks = new ProcessChecks((partition, offset) => below.at(partition, offset));
    this.#history = new ProcessHistory(options.historyFile, plan, options.log);
    this.#feed = new WeightedFeed({ connection, topic: this.#topic, partitions, rate, tokenizer });
    this.#tail = new ChangelogTail({
      ...{ connection, topic: this.#changelogTopic, partitions },
      onCommit: (partition, commit) => {
        this.#add({ type: 'committed', atMs: nowMs(), partition, ...commit });
      },
    });
    this.#faults = new FaultLog({
      record: (type, { planned: { kind }, aim }) => {
        this.#add({ type, atMs: nowMs(), kind, target: aim.text });
      },
      log: options.log,
    });
  }

  /** @throws ClusterError when the run could not be made: it says nothing about the product */
  outcome(): Promise<RunOutcome<ProcessPlan>> {
    const { connection, memberConnection } = this.#resources;
    return withChildProperties(connection.properties, async (clientFlags) => {
      const at = { topic: this.#topic, groupId: this.#topic, sessionTimeoutMs: this.#sessionTimeoutMs, clientFlags };
      const processes = new ProcessGroup({
        args: processArgs(this.#plan, { ...at, bootstrapServers: memberConnection.bootstrapServers }),
        onEvent: (event) => {
          this.#add(event);
        },
      });
      try {
        return await this.#run(processes);
      } finally {
        await processes.killAll();
        this.#feed.close();
        this.#history.close();
      }
    });
  }

  async #run(processes: ProcessGroup): Promise<RunOutcome<ProcessPlan>> {
    const { connection } = this.#resources;
    const { partitions } = this.#plan;
    const [topic, changelogTopic] = [this.#topic, this.#changelogTopic];
    const names = { groupId: topic, topics: [topic, changelogTopic] };
    let startMs: number;
    const evidence: { -readonly [Name in keyof ProcessEvidence]: ProcessEvidence[Name] } = {};
    try {
      await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs: adminMs });
      await ensureChangelogTopic(connection, { topic: changelogTopic, source: topic, partitions, timeoutMs: adminMs });
      this.#tail.start();
      await this.#feed.start(adminMs);
      for (let started = 0; started < this.#plan.processes; started += 1) processes.start();
      const hasBegun = await this.#until(() => processes.hasJoined && this.#tail.nextOffsets.every((next) => next > 0));
      startMs = nowMs();
      this.#throughput.start(startMs);
      this.#faults.start(startMs);
      if (hasBegun) await this.#injectFaults(processes, startMs);
      await unlessAborted(this.#options.signal, (signal) => this.#feed.end(signal));
      const behind = hasBegun
        ? await this.#comeToRest()
        : this.#behind('after the start', new Array<number>(partitions).fill(1));
      // Partitions are always behind when the run is interrupted.
      if (!this.#options.signal.aborted) {
        evidence.behind = behind;
        await processes.stopAll();
        evidence.differences = await this.#differences();
      }
    } finally {
      const left = await processes.killAll();
      await this.#tail.end();
      const remains = await removeRun(connection, names, adminMs);
      evidence.leftovers = [...left.map((name) => `${name} does not end`), ...remains];
    }
    const checks = this.#checks.finish(evidence);
    return this.#outcomeOf(startMs, processes, checks);
  }

  /** Until the time is over and all faults are healed. */
  async #injectFaults(processes: ProcessGroup, startMs: number): Promise<void> {
    const { partitions, faults, durationMs } = this.#plan;
    const { connection, managed, proxy } = this.#resources;
    const world: ProcessWorld = {
      ...{ processes, connection, partitions, topic: this.#topic, group: { groupId: this.#topic } },
      ...(managed === undefined ? {} : { managed }),
      ...(proxy === undefined ? {} : { proxy }),
    };
    const runner = new FaultRunner({ world, listener: this.#faults, faultOf: processFaultOf });
    const { signal } = this.#options;
    await runner.run(faults, signal);
    await sleepUntil(startMs + durationMs, signal);
  }

  /** @returns a line for each partition that is not committed to its end in time */
  async #comeToRest(): Promise<readonly string[]> {
    const ends = this.#feed.perPartition;
    await this.#until(() => this.#tail.nextOffsets.every((next, partition) => next === ends[partition]));
    return this.#behind('after the last fault', ends);
  }

  #behind(since: string, ends: readonly number[]): string[] {
    const seconds = settleTimeoutMs({ sessionTimeoutMs: this.#sessionTimeoutMs }) / 1_000;
    return this.#tail.nextOffsets.flatMap((next, partition) => {
      const end = ends[partition] ?? 0;
      if (next >= end) return [];
      return [`partition ${partition}: committed to offset ${next}, not to ${end}, ${seconds} s ${since}`];
    });
  }

  /** @returns whether the condition holds; false when the time is over, or the run was interrupted */
  async #until(holds: () => boolean): Promise<boolean> {
    const { signal } = this.#options;
    const deadlineMs = nowMs() + settleTimeoutMs({ sessionTimeoutMs: this.#sessionTimeoutMs });
    while (!holds()) {
      if (nowMs() >= deadlineMs || signal.aborted) return false;
      await sleep(lookMs);
    }
    return true;
  }

  #differences(): Promise<readonly string[]> {
    const { killSignal } = this.#options;
    return finalDifferences({
      ...{ connection: this.#resources.connection, topic: this.#topic, changelogTopic: this.#changelogTopic },
      ...{ groupId: this.#topic, tokenizer, feed: this.#feed, states: this.#tail.states },
      ...{ timeoutMs: adminMs, signal: killSignal },
    });
  }

  #add(event: ProcessEvent): void {
    this.#history.add(event);
    this.#checks.add(event);
    this.#takeovers.add(event);
    if (event.type === 'committed') this.#count(event);
  }

  #count({ partition, nextOffset, seenMs }: Extract<ProcessEvent, { type: 'committed' }>): void {
    const before = this.#committed[partition] ?? 0;
    this.#committed[partition] = nextOffset;
    this.#throughput.add(seenMs, Math.max(0, nextOffset - before));
  }

  #outcomeOf(startMs: number, processes: ProcessGroup, checks: RunOutcome['checks']): RunOutcome<ProcessPlan> {
    const total = (name: string): number =>
      this.#tail.states.reduce((sum, { progress }) => sum + (progress.get(name) ?? 0), 0);
    const { happened: faults, injected: faultsInjected, missed } = this.#faults;
    return {
      plan: this.#plan,
      interrupted: this.#options.signal.aborted,
      durationMs: nowMs() - startMs,
      ...{ faults, faultsInjected, missed },
      checks,
      takeovers: this.#takeovers.found,
      throughput: this.#throughput.overTime,
      records: total('records'),
      words: total('words'),
      crashes: processes.killed,
      refused: 0,
      historyFile: this.#options.historyFile.path,
    };
  }
}
