import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Supervisor } from '../cluster/supervisor.ts';
import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import type { GroupConfig } from '../config/group.ts';
import { takeoverBounds } from '../config/takeover-bounds.ts';
import { toErrorReport } from '../errors.ts';
import type { FaultTarget } from '../faults/fault-target.ts';
import { Nemesis } from '../faults/nemesis.ts';
import { Admin } from '../kafka/admin.ts';
import { createTopic, dropTopic } from '../kafka/create-topic.ts';
import { nowMs } from '../metrics/clock.ts';
import { processFigures } from '../metrics/process-figures.ts';
import { restOf } from '../scenario/collect-evidence.ts';
import { VerifiedHistory } from '../scenario/verified-history.ts';
import { WeightedFeed } from '../workload/weighted-feed.ts';
import type { CheckContext, CheckResult, Evidence, HygieneFigures, RestEvidence } from '../verify/check.ts';
import { FaultLog } from './fault-log.ts';
import { runEvidence } from './run-evidence.ts';
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
  /** Where the history goes. */
  readonly historyFile: string;
}

const adminMs = 20_000;
const settleMs = 40_000;
/** After the last fault, for everything to be counted. */
const catchUpMs = 60_000;
const goneMsMax = 2_000;
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
  readonly #history: VerifiedHistory;
  readonly #produced: number[] = [];
  #crashes = 0;
  #historyEnded = false;

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
    this.#history = new VerifiedHistory({
      groups: [contextOf(plan, this.#group)],
      file: options.historyFile,
      settings: plan,
      onEvent: (event) => {
        this.#takeovers.add(event);
        this.#throughput.add(event);
      },
    });
    this.#supervisor = new Supervisor({
      topic: this.#topic,
      connection: resources.memberConnection,
      group: this.#group,
      membersMax: plan.members,
      beginOffsets: Array.from({ length: partitions }, () => 0),
      restart,
      watchdogMs: watchdogOf(plan),
      history: this.#history.group(this.#group.groupId),
      onEvent: (event) => {
        this.#onEvent(event);
      },
    });
    this.#faults = new FaultLog({
      group: this.#group.groupId,
      recorder: this.#history.recorder,
      log: options.log,
    });
  }

  /** @throws WordcountError when the run could not be made, which says nothing about what is tested */
  async outcome(): Promise<RunOutcome> {
    const { connection } = this.#resources;
    const { partitions } = this.#plan;
    const topic = this.#topic;
    const before = processFigures();
    try {
      await createTopic({ connection, topic, partitions, replicationFactor: undefined, timeoutMs: adminMs });
      await this.#feed.start(adminMs);
      const startMs = await this.#startGroup();
      await this.#untilOver(startMs);
      const rest = await this.#comeToRest();
      const evidence = await this.#evidence();
      this.#endHistory();
      this.#feed.close();
      const hygiene = await this.#hygiene(before);
      const checks = this.#history.verify(this.#group.groupId, {
        ...evidence,
        ...(rest === undefined ? {} : { rest }),
        ...(hygiene === undefined ? {} : { hygiene }),
      });
      return this.#told(startMs, checks);
    } finally {
      await this.#supervisor.stop('kill');
      this.#endHistory();
      this.#feed.close();
      await dropTopic({ connection, topic, timeoutMs: adminMs }).catch(() => undefined);
    }
  }

  /** @returns the moment of the release */
  async #startGroup(): Promise<number> {
    for (let member = 0; member < this.#plan.members; member += 1) this.#supervisor.addMember();
    await this.#supervisor.waitSettled({ deadlineMs: settleMs, signal: this.#options.killSignal });
    const startMs = this.#supervisor.openGate();
    this.#history.sample(this.#group.groupId, () => this.#supervisor.readers);
    this.#throughput.start(startMs);
    this.#faults.start(startMs);
    return startMs;
  }

  /** Until the time is over and, but for safety mode, all faults are healed. */
  async #untilOver(startMs: number): Promise<void> {
    const { faults, durationMs, mode } = this.#plan;
    const nemesis = new Nemesis(this.#target(), this.#faults);
    const over = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, over.signal]);
    const done = nemesis.run(faults, signal);
    done.catch(() => undefined);
    if (mode === 'liveness') await done;
    await sleepUntil(startMs + durationMs, this.#options.signal);
    // Whatever is broken stays so until the last member is gone.
    if (mode === 'safety') await this.#supervisor.stop('kill');
    over.abort();
    await done;
  }

  #target(): FaultTarget {
    const { managed, proxy, connection } = this.#resources;
    return {
      supervisor: this.#supervisor,
      group: this.#group,
      topic: this.#topic,
      partitions: this.#plan.partitions,
      feed: this.#feed,
      connection,
      membersMax: this.#plan.members,
      ...(managed === undefined ? {} : { managed }),
      ...(proxy === undefined ? {} : { proxy }),
    };
  }

  /** No more is produced; what was is counted to the end. @returns how the group then stands; undefined in safety mode */
  async #comeToRest(): Promise<RestEvidence | undefined> {
    await this.#feed.end();
    if (this.#plan.mode === 'safety') return undefined;
    const wait = { deadlineMs: catchUpMs, signal: this.#options.killSignal };
    const endOffsets = await this.#endOffsets();
    try {
      await this.#supervisor.waitReached({ ...wait, endOffsets });
      await this.#supervisor.waitSettled(wait);
    } catch (error) {
      this.#options.killSignal.throwIfAborted();
      // The check of liveness says what is missing.
      this.#options.log(toErrorReport(error).message);
    }
    return restOf(this.#supervisor, endOffsets);
  }

  async #evidence(): Promise<Evidence> {
    await this.#supervisor.stop('drain');
    return runEvidence({
      plan: this.#plan,
      supervisor: this.#supervisor,
      feed: this.#feed,
      connection: this.#resources.connection,
      topic: this.#topic,
      group: this.#group,
      timeoutMs: adminMs,
      signal: this.#options.killSignal,
    });
  }

  async #hygiene(before: HygieneFigures | undefined): Promise<Evidence['hygiene']> {
    let after = processFigures();
    if (before === undefined || after === undefined) return undefined;
    // Connections of the proxy and threads of clients end a moment after what they were for.
    const untilMs = nowMs() + goneMsMax;
    const more = ({ rdkThreads, fileDescriptors }: HygieneFigures): boolean =>
      rdkThreads > before.rdkThreads || fileDescriptors > before.fileDescriptors;
    while (more(after) && nowMs() < untilMs) {
      await sleep(50);
      after = processFigures() ?? after;
    }
    const { partitions, members } = this.#supervisor.snapshot();
    const held = partitions.filter(({ owner }) => owner !== undefined);
    const leftovers = held.map(
      ({ partition, owner }) => `the table of partition ${partition} is held by member ${owner}`,
    );
    return { before, after, cycles: members.length, leftovers };
  }

  #endHistory(): void {
    if (this.#historyEnded) return;
    this.#historyEnded = true;
    this.#history.end();
  }

  #told(startMs: number, checks: readonly CheckResult[]): RunOutcome {
    const { records, words, refused } = this.#supervisor.snapshot();
    return {
      plan: this.#plan,
      interrupted: this.#options.signal.aborted,
      durationMs: nowMs() - startMs,
      faults: this.#faults.happened,
      missed: this.#faults.missed,
      checks,
      takeovers: this.#takeovers.found,
      throughput: this.#throughput.overTime,
      ...{ records, words, refused },
      crashes: this.#crashes,
      historyFile: this.#options.historyFile,
    };
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
      this.#history.recorder.record({ type: 'produced', partition, endOffset });
    }
  }

  #onEvent(event: ClusterEvent): void {
    if (event.type === 'exited' && event.crashed) this.#crashes += 1;
  }
}

/** V11: longest time that records may lie there with nobody counting them, or saying why not. */
const silenceMs = 15_000;

function contextOf(plan: RunPlan, group: GroupConfig): CheckContext {
  const watchdogMs = watchdogOf(plan);
  return {
    group: group.groupId,
    beginOffsets: Array.from({ length: plan.partitions }, () => 0),
    bounds: takeoverBounds(group, Number.isFinite(watchdogMs) ? watchdogMs : group.maxPollIntervalMs),
    silenceMs,
  };
}

async function sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, atMs - nowMs()), undefined, { signal }).catch(() => undefined);
}
