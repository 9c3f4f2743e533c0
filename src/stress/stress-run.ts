import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Supervisor } from '../cluster/supervisor.ts';
import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import type { GroupConfig } from '../config/group.ts';
import { toErrorReport } from '../errors.ts';
import { Nemesis } from '../faults/nemesis.ts';
import { Admin } from '../kafka/admin.ts';
import { createTopic, dropTopic } from '../kafka/create-topic.ts';
import { nowMs } from '../metrics/clock.ts';
import { WeightedFeed } from '../workload/weighted-feed.ts';
import type { CheckResult } from '../verify/check.ts';
import { checkCounts } from './count-checks.ts';
import { FaultLog } from './fault-log.ts';
import type { RunHistory } from './run-history.ts';
import type { RunOutcome } from './run-outcome.ts';
import { groupOf, watchdogOf, type RunPlan } from './run-plan.ts';
import type { RunResources } from './run-resources.ts';
import { Takeovers } from './takeovers.ts';
import { Throughput } from './throughput.ts';

export interface RunOptions {
  /** Ends the faults early; what happened is verified all the same. */
  readonly signal: AbortSignal;
  /** Ends everything at once. */
  readonly killSignal: AbortSignal;
  readonly log: (line: string) => void;
  readonly history: RunHistory;
}

const adminMs = 20_000;
const settleMs = 40_000;
/** After the last fault, for everything to be counted. */
const catchUpMs = 60_000;
/** Replacements come at once: waiting would only make for fewer takeovers. */
const restart = { restartsMax: Infinity, delayMs: 50, calmMs: 1_000 } as const;

/** One run: a new topic and a new group, a feed, the faults of the plan, then the verdict. */
export class StressRun {
  readonly #plan: RunPlan;
  readonly #resources: RunResources;
  readonly #options: RunOptions;
  readonly #topic: string;
  readonly #group: GroupConfig;
  readonly #feed: WeightedFeed;
  readonly #supervisor: Supervisor;
  readonly #takeovers = new Takeovers();
  readonly #throughput = new Throughput();
  readonly #faults: FaultLog;
  readonly #produced: number[] = [];
  #crashes = 0;

  constructor(plan: RunPlan, resources: RunResources, options: RunOptions) {
    this.#plan = plan;
    this.#resources = resources;
    this.#options = options;
    const run = `${plan.seed}-${randomUUID().slice(0, 8)}`;
    this.#topic = `stress-${run}`;
    this.#group = groupOf(plan, `stress-${run}`);
    const { partitions, rate } = plan;
    this.#feed = new WeightedFeed({
      connection: resources.connection,
      topic: this.#topic,
      partitions,
      rate,
      tokenizer: this.#group.tokenizer,
      onDelivered: (ends) => {
        this.#recordProduced(ends);
      },
    });
    const { recorder } = options.history;
    this.#supervisor = new Supervisor({
      topic: this.#topic,
      connection: resources.memberConnection,
      group: this.#group,
      membersMax: plan.members,
      beginOffsets: Array.from({ length: partitions }, () => 0),
      restart,
      watchdogMs: watchdogOf(plan),
      history: recorder.group(this.#group.groupId),
      onEvent: (event) => {
        this.#onEvent(event);
      },
    });
    this.#faults = new FaultLog({ group: this.#group.groupId, recorder, log: options.log });
    options.history.listen((event) => {
      this.#takeovers.add(event);
      this.#throughput.add(event);
    });
  }

  /** @throws WordcountError when the run could not be made, which says nothing about what is tested */
  async outcome(): Promise<RunOutcome> {
    const { connection } = this.#resources;
    const { partitions, members } = this.#plan;
    const topic = this.#topic;
    try {
      await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs: adminMs });
      for (let member = 0; member < members; member += 1) this.#supervisor.addMember();
      await this.#feed.start(adminMs);
      await this.#supervisor.waitSettled({ deadlineMs: settleMs, signal: this.#options.killSignal });
      return await this.#stress();
    } finally {
      await this.#supervisor.stop('kill');
      this.#feed.close();
      await dropTopic({ connection, topic, timeoutMs: adminMs }).catch(() => undefined);
    }
  }

  async #stress(): Promise<RunOutcome> {
    const { signal } = this.#options;
    const startMs = this.#supervisor.openGate();
    this.#throughput.start(startMs);
    this.#faults.start(startMs);
    await this.#untilOver(startMs);
    const live = await this.#liveness();
    const snapshot = this.#supervisor.snapshot();
    const checks = [...(await this.#checkCounts()), live];
    this.#options.history.close();
    return {
      plan: this.#plan,
      interrupted: signal.aborted,
      durationMs: nowMs() - startMs,
      faults: this.#faults.happened,
      missed: this.#faults.missed,
      checks,
      takeovers: this.#takeovers.found,
      throughput: this.#throughput.overTime,
      records: snapshot.records,
      words: snapshot.words,
      crashes: this.#crashes,
      refused: snapshot.refused,
      historyFile: this.#options.history.path,
    };
  }

  /** All faults have happened and are healed, and the time is over or was ended. */
  async #untilOver(startMs: number): Promise<void> {
    const { signal } = this.#options;
    const { managed, proxy, connection } = this.#resources;
    const nemesis = new Nemesis(
      {
        supervisor: this.#supervisor,
        group: this.#group,
        topic: this.#topic,
        partitions: this.#plan.partitions,
        feed: this.#feed,
        connection,
        membersMax: this.#plan.members,
        ...(managed === undefined ? {} : { managed }),
        ...(proxy === undefined ? {} : { proxy }),
      },
      this.#faults,
    );
    await nemesis.run(this.#plan.faults, signal);
    await sleepUntil(startMs + this.#plan.durationMs, signal);
  }

  /** What was produced is counted to the end, and the group comes to rest. */
  async #liveness(): Promise<CheckResult> {
    const wait = { deadlineMs: catchUpMs, signal: this.#options.killSignal };
    await this.#feed.end();
    const violations: string[] = [];
    try {
      await this.#supervisor.waitReached({ ...wait, endOffsets: await this.#endOffsets() });
      await this.#supervisor.waitSettled(wait);
    } catch (error) {
      this.#options.killSignal.throwIfAborted();
      violations.push(toErrorReport(error).message);
    }
    return {
      id: 'V8',
      name: 'liveness',
      definition: 'after the last fault everything is counted and the group comes to rest',
      violations: violations.map((message) => ({ message, tickets: [] })),
      violationsTotal: violations.length,
      around: [],
    };
  }

  async #checkCounts(): Promise<CheckResult[]> {
    await this.#supervisor.stop('drain');
    return checkCounts({ supervisor: this.#supervisor, feed: this.#feed, tokenizer: this.#group.tokenizer });
  }

  async #endOffsets(): Promise<readonly number[]> {
    if (this.#resources.connection.source === 'mock') return this.#feed.perPartition;
    const admin = await Admin.connect(this.#resources.connection, { timeoutMs: adminMs });
    try {
      return (await admin.offsets(this.#topic)).map(({ endOffset }) => endOffset);
    } finally {
      await admin.close();
    }
  }

  #recordProduced(ends: readonly number[]): void {
    for (const [partition, endOffset] of ends.entries()) {
      if (endOffset === this.#produced[partition]) continue;
      this.#produced[partition] = endOffset;
      this.#options.history.recorder.record({ type: 'produced', partition, endOffset });
    }
  }

  #onEvent(event: ClusterEvent): void {
    if (event.type === 'exited' && event.crashed) this.#crashes += 1;
  }
}

async function sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, atMs - nowMs()), undefined, { signal }).catch(() => undefined);
}
