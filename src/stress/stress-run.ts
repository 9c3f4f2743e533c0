import { toErrorReport } from '../errors.ts';
import { settleTimeoutMs } from '../config/takeover-bounds.ts';
import { faultOf, type FaultKind } from './faults/all-faults.ts';
import { FaultRunner } from './faults/fault-runner.ts';
import { type HistorySink } from '../history/history-file.ts';
import { createTopic, discardTopic } from '../kafka/kafkajs/create-topic.ts';
import { discardGroups } from '../kafka/kafkajs/discard-groups.ts';
import { offsetsOf } from '../kafka/kafkajs/end-offsets.ts';
import { nowMs } from '../time/clock.ts';
import { sleepUntil } from '../time/sleep.ts';
import { restOf } from '../live-run/collect-evidence.ts';
import type { CheckResult, Evidence, RestEvidence } from '../verify/check.ts';
import { faultRecorder } from './fault-events.ts';
import { FaultLog } from './fault-log.ts';
import type { ProcessSeries } from './process-series.ts';
import { runEvidence, type RunEvidenceOptions } from './run-evidence.ts';
import { runHygiene } from './run-hygiene.ts';
import type { RunOutcome } from './run-outcome.ts';
import { comesToRest, type RunPlan } from './run-plan.ts';
import type { RunResources } from './run-resources.ts';
import { TestedGroup } from './tested-group.ts';
import { aborted, hurryAfter, unlessAborted } from './hurry.ts';

export interface StressRunOptions {
  /** Ends the faults early; the run until then is still verified. */
  readonly signal: AbortSignal;
  /** Ends everything immediately. */
  readonly killSignal: AbortSignal;
  readonly log: (line: string) => void;
  /** Receives the history. */
  readonly historyFile: HistorySink;
  /** Shared by all runs of this process. */
  readonly processSeries: ProcessSeries;
}

const adminMs = 20_000;
/** After a signal, faults heal and the group counts on this long; `docker stop` allows 10 s. */
const hurryMs = 3_000;
/** After a signal, time to collect evidence; without it only the history is judged. */
const evidenceMs = 5_000;
/** Fault `poison` produces records of more than 1 MiB, the limit of Kafka's defaults. */
const recordBytesMax = 8 * 1_048_576;

/** One run: a new topic and a new group, a feed, the faults of the plan, then the verdict. */
export class StressRun {
  readonly #plan: RunPlan;
  readonly #resources: RunResources;
  readonly #options: StressRunOptions;
  readonly #tested: TestedGroup;
  readonly #faults: FaultLog<FaultKind>;
  readonly #faultRunner: FaultRunner<FaultKind>;
  readonly #hurry: AbortSignal;
  readonly #noMoreEvidence: AbortSignal;

  constructor(plan: RunPlan, resources: RunResources, options: StressRunOptions) {
    this.#plan = plan;
    this.#resources = resources;
    this.#options = options;
    this.#tested = new TestedGroup(plan, resources, {
      file: options.historyFile,
      onFileFailure: ({ message }) => {
        options.log(message);
      },
    });
    this.#hurry = hurryAfter(hurryMs, options.signal, options.killSignal);
    this.#noMoreEvidence = hurryAfter(evidenceMs, options.signal, options.killSignal);
    const record = faultRecorder(this.#tested.history.recorder, this.#tested.group.groupId);
    this.#faults = new FaultLog({ record, log: options.log });
    const [world, listener] = [this.#tested.world(plan, resources), this.#faults];
    this.#faultRunner = new FaultRunner({ world, listener, faultOf });
  }

  /** @throws ClusterError when the run could not be made: it says nothing about the product */
  async outcome(): Promise<RunOutcome> {
    const { connection } = this.#resources;
    const { partitions } = this.#plan;
    const { topic, supervisor, feed, history, group } = this.#tested;
    try {
      const config = { 'max.message.bytes': String(recordBytesMax) };
      await createTopic({ connection, topic, partitions, replicationFactor: undefined, config, timeoutMs: adminMs });
      await feed.start(adminMs);
      const { startMs, gathered } = await this.#startGroup();
      if (gathered) await this.#untilOver(startMs);
      const rest = gathered ? await this.#comeToRest() : await this.#asItStands();
      if (gathered) await this.#finalFaults();
      const evidence = await this.#evidence();
      this.#tested.endHistory();
      feed.close();
      const { signal, processSeries } = this.#options;
      const hygiene = signal.aborted ? undefined : await runHygiene(supervisor, processSeries);
      const checks = history.verify(group.groupId, {
        ...evidence,
        ...(rest === undefined || this.#hurry.aborted ? {} : { rest }),
        ...(hygiene === undefined ? {} : { hygiene }),
      });
      return this.#outcomeOf(startMs, checks);
    } finally {
      await supervisor.stop('kill');
      this.#tested.endHistory();
      feed.close();
      const topicLeft = await discardTopic({ connection, topic, timeoutMs: this.#adminMs });
      const made = this.#resources.managed === undefined ? [group.groupId] : [];
      const groupLeft = await discardGroups(connection, made, this.#adminMs);
      for (const left of [topicLeft, groupLeft]) if (left !== undefined) this.#options.log(left);
    }
  }

  /** @returns the time of the release, and whether the group has settled, which liveness judges */
  async #startGroup(): Promise<{ readonly startMs: number; readonly gathered: boolean }> {
    const { supervisor, history, group, throughput } = this.#tested;
    for (let member = 0; member < this.#plan.members; member += 1) supervisor.addMember();
    const gathered = await this.#isSettledWithin(settleTimeoutMs(group));
    const startMs = supervisor.openGate();
    history.sample(group.groupId, () => supervisor.readers);
    throughput.start(startMs);
    this.#faults.start(startMs);
    return { startMs, gathered };
  }

  /** @throws the error that ended the group */
  async #isSettledWithin(timeoutMs: number): Promise<boolean> {
    const { supervisor } = this.#tested;
    const { killSignal, log } = this.#options;
    try {
      await supervisor.waitSettled({ timeoutMs, signal: this.#hurry });
      return true;
    } catch (error) {
      killSignal.throwIfAborted();
      if (supervisor.failed.aborted) throw error;
      log(toErrorReport(error).message);
      return false;
    }
  }

  /** Waits until the time is over and, except in safety mode, all faults are healed. */
  async #untilOver(startMs: number): Promise<void> {
    const { durationMs, mode } = this.#plan;
    const faults = this.#plan.faults.filter(({ kind }) => faultOf(kind).endsRun !== true);
    const over = new AbortController();
    const done = this.#faultRunner.run(faults, AbortSignal.any([this.#options.signal, over.signal]));
    done.catch(() => undefined);
    if (comesToRest[mode]) await Promise.race([done, aborted(this.#hurry)]);
    await sleepUntil(startMs + durationMs, this.#options.signal);
    // In safety mode faults stay active until the last member has ended.
    if (!comesToRest[mode]) await this.#tested.supervisor.stop('kill');
    over.abort();
    await Promise.race([done, aborted(this.#hurry)]);
  }

  /**
   * Stops producing and lets the group count to the end.
   * @returns the group's final state; undefined in safety mode and after an interruption
   */
  async #comeToRest(): Promise<RestEvidence | undefined> {
    const { supervisor, feed, group } = this.#tested;
    const isDelivered = await unlessAborted(this.#hurry, (signal) => feed.end(signal));
    if (!isDelivered || !comesToRest[this.#plan.mode]) return undefined;
    const wait = { timeoutMs: settleTimeoutMs(group), signal: this.#hurry };
    const endOffsets = await this.#endOffsets();
    try {
      await supervisor.waitReached({ ...wait, endOffsets });
      await supervisor.waitSettled(wait);
    } catch (error) {
      this.#options.killSignal.throwIfAborted();
      // The liveness check reports what is missing.
      this.#options.log(toErrorReport(error).message);
    }
    return restOf(supervisor, endOffsets);
  }

  async #asItStands(): Promise<RestEvidence | undefined> {
    const { supervisor, feed } = this.#tested;
    const isDelivered = await unlessAborted(this.#hurry, (signal) => feed.end(signal));
    return isDelivered ? restOf(supervisor, await this.#endOffsets()) : undefined;
  }

  get #adminMs(): number {
    return this.#options.signal.aborted ? hurryMs / 2 : adminMs;
  }

  async #endOffsets(): Promise<readonly number[]> {
    const { feed, topic } = this.#tested;
    const { connection } = this.#resources;
    if (connection.source === 'mock') return feed.perPartition;
    const offsets = await offsetsOf(connection, topic, this.#adminMs);
    this.#tested.reviewLosses(offsets.map(({ beginOffset }) => beginOffset));
    return offsets.map(({ endOffset }) => endOffset);
  }

  /** Applies the faults after which the run can't continue. */
  async #finalFaults(): Promise<void> {
    const final = this.#plan.faults.filter(({ kind }) => faultOf(kind).endsRun === true);
    if (final.length === 0 || this.#options.signal.aborted) return;
    const now = final.map((fault) => ({ ...fault, atMs: 0 }));
    await this.#faultRunner.run(now, this.#options.signal);
  }

  async #evidence(): Promise<Evidence> {
    const { supervisor, feed, topic, group, losses: deleted, perhapsLost: perhaps, stoppedAtNewTopic } = this.#tested;
    // A group that was stopped early has counted a part, but its history must be correct.
    if (this.#hurry.aborted) {
      this.#options.killSignal.throwIfAborted();
      await supervisor.stop('kill');
      return {};
    }
    await supervisor.stop('drain');
    const evidence = await this.#read({
      ...{ supervisor, feed, topic, group, plan: this.#plan },
      connection: this.#resources.connection,
      timeoutMs: adminMs,
      signal: this.#noMoreEvidence,
    });
    if (evidence === undefined) return {};
    return {
      ...evidence,
      // In safety mode the run does not wait until the group reaches deleted records.
      ...(comesToRest[this.#plan.mode] ? { lost: { deleted, perhaps, reported: supervisor.snapshot().lost } } : {}),
      ...(stoppedAtNewTopic === undefined ? {} : { stoppedAtNewTopic }),
    };
  }

  /** @returns undefined when the time is over */
  async #read(options: RunEvidenceOptions): Promise<Evidence | undefined> {
    try {
      return await runEvidence(options);
    } catch (error) {
      this.#options.killSignal.throwIfAborted();
      if (this.#noMoreEvidence.aborted) return undefined;
      throw error;
    }
  }

  #outcomeOf(startMs: number, checks: readonly CheckResult[]): RunOutcome {
    const { records, words, refused } = this.#tested.supervisor.snapshot();
    const { happened: faults, injected: faultsInjected, missed } = this.#faults;
    return {
      plan: this.#plan,
      interrupted: this.#options.signal.aborted,
      durationMs: nowMs() - startMs,
      ...{ faults, faultsInjected, missed },
      checks,
      takeovers: this.#tested.takeovers.found,
      throughput: this.#tested.throughput.overTime,
      ...{ records, words, refused },
      crashes: this.#tested.crashes,
      historyFile: this.#options.historyFile.path,
    };
  }
}
