import { createInterface } from 'node:readline';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { nowMs } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { type ScenarioOutcome } from '../report/scenario-summary.ts';
import { Feed } from '../live-run/feed.ts';
import { instructionHelp, parseInstruction } from '../live-run/instructions.ts';
import type { LiveGroupsOptions } from '../live-run/live-groups-options.ts';
import { LiveGroups } from '../live-run/live-groups.ts';
import { compareCounts } from '../workload/compare-counts.ts';
import { referenceCounts } from '../workload/reference-counts.ts';
import type { CommandContext } from './context.ts';
import { followJoin } from './follow-join.ts';
import { LiveLines } from './live-lines.ts';
import type { RunGroups } from './run-groups.ts';
import type { RunFlags } from './run-options.ts';
import { retentionOf } from './run-retention.ts';

const catchUpMs = 120_000;
const workload = { type: 'book' } as const;

export interface RunPlace {
  readonly topic: string;
  readonly brokers: ResolvedBrokers;
  readonly groups: RunGroups;
}

/** One run, from its first member to its last. */
export class LiveRun {
  readonly #flags: RunFlags;
  readonly #topic: string;
  readonly #brokers: ResolvedBrokers;
  readonly #context: CommandContext;
  readonly #lines: LiveLines;
  readonly #groups: LiveGroups;
  readonly #settleMs: number;
  readonly #stopped = new AbortController();
  readonly #crashes = new Map<string, number>();
  #feed: Feed | undefined;
  #isInterrupted = false;

  constructor(
    flags: RunFlags,
    { topic, brokers, groups }: RunPlace,
    context: CommandContext,
    history: Exclude<LiveGroupsOptions['history'], undefined>,
  ) {
    this.#flags = flags;
    this.#topic = topic;
    this.#brokers = brokers;
    this.#context = context;
    this.#settleMs = groups.settleMs;
    this.#groups = new LiveGroups({
      connection: brokers.connection,
      topic,
      beginOffsets: Array.from({ length: flags.partitions }, () => 0),
      initialDelayMs: groups.initialDelayMs,
      topWords: flags.top,
      history,
      onTruncation: flags.onTruncation,
      ...retentionOf(flags, brokers, context),
      ...(brokers.managed === undefined ? {} : { managed: brokers.managed }),
      groups: groups.groups,
      onEvent: (group, event) => {
        if (event.type === 'exited' && event.crashed) this.#crashes.set(group, (this.#crashes.get(group) ?? 0) + 1);
        this.#lines.event(group, event);
      },
    });
    this.#lines = new LiveLines(context, () => this.#groups.view(this.#feed?.produced ?? 0));
  }

  /** True when a signal ended it, false for --duration or `stop`. */
  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  async outcome(): Promise<ScenarioOutcome> {
    const { signal, killSignal } = this.#context;
    const endFollowing = followJoin(this.#brokers.connection, this.#groups.groups, this.#context);
    const startMs = nowMs();
    const instructions = this.#listen();
    try {
      await this.#groups.start({ timeoutMs: this.#settleMs, signal }).finally(endFollowing);
      this.#feed = new Feed({
        connection: this.#brokers.connection,
        topic: this.#topic,
        partitions: this.#flags.partitions,
        workload,
        rate: this.#flags.rate,
        timeoutMs: this.#flags.timeout,
      });
      this.#lines.start();
      await this.#untilStopped(this.#feed);
      const { records, perPartition = [] } = await this.#feed.end();
      this.#context.log('the producer has stopped; the groups count to the end');
      await this.#groups.catchUp(perPartition, { timeoutMs: catchUpMs, signal: killSignal });
      await this.#groups.rest(perPartition, { timeoutMs: this.#settleMs, signal: killSignal });
      this.#lines.end();
      await this.#groups.stop('drain');
      return await this.#compare(records, perPartition, nowMs() - startMs);
    } catch (error) {
      await this.#feed?.end().catch(() => undefined);
      await this.#groups.stop('kill');
      throw error;
    } finally {
      instructions.close();
      this.#lines.end();
    }
  }

  /** Resolves after --duration, Ctrl-C or `stop`; rejects when the producer fails. */
  async #untilStopped(feed: Feed): Promise<void> {
    const { duration } = this.#flags;
    const asked = AbortSignal.any([this.#context.signal, this.#stopped.signal]);
    const ended = sleep(duration ?? Infinity, undefined, { signal: asked, ref: false });
    await Promise.race([ended.catch(() => undefined), feed.finished, this.#groups.failure()]);
    this.#isInterrupted = this.#context.signal.aborted;
  }

  #listen(): { close(): void } {
    const lines = createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      this.#context.lineTyped();
      void this.#perform(line);
    });
    return lines;
  }

  async #perform(line: string): Promise<void> {
    const instruction = parseInstruction(line);
    switch (instruction?.type) {
      case undefined:
        if (line.trim() !== '') this.#context.warn(`unknown instruction '${line.trim()}'; try: ${instructionHelp}`);
        return;
      case 'stop':
        this.#stopped.abort();
        return;
      case 'status':
        this.#lines.print();
        return;
      case 'add':
      case 'drain':
      case 'kill':
      case 'killBroker':
      case 'restartBroker':
        try {
          this.#context.log(await this.#groups.perform(instruction));
        } catch (error) {
          this.#context.warn(error instanceof Error ? error.message : String(error));
        }
    }
  }

  async #compare(produced: number, perPartition: readonly number[], durationMs: number): Promise<ScenarioOutcome> {
    const reference = await referenceCounts(workload, { records: produced, tokenizer: this.#flags.tokenizer });
    const { groups } = this.#groups.view(produced);
    const words = this.#groups.counts();
    this.#context.log('reading the topic again and checking the history');
    const checks = await this.#groups.verify({
      generated: reference.counts,
      acknowledged: perPartition,
      timeoutMs: this.#flags.timeout,
      signal: this.#context.killSignal,
    });
    return {
      produced,
      durationMs,
      brokers: this.#brokers.label,
      groups: groups.map(({ name, records, refused }) => {
        const counts = words.get(name) ?? new Map<string, number>();
        return {
          name,
          records,
          words: [...counts.values()].reduce((sum, count) => sum + count, 0),
          differing: compareCounts(counts, reference.counts).differing,
          crashes: this.#crashes.get(name) ?? 0,
          refused,
          checks: checks.get(name) ?? [],
        };
      }),
    };
  }
}
