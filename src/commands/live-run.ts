import { createInterface } from 'node:readline';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { nowMs } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import { Feed } from '../live-run/feed.ts';
import { instructionHelp, parseInstruction } from '../live-run/instructions.ts';
import type { LiveGroupsOptions } from '../live-run/live-groups-options.ts';
import { LiveGroups } from '../live-run/live-groups.ts';
import { TopicLength } from '../live-run/topic-length.ts';
import type { CommandContext } from './context.ts';
import { DurableLines } from './durable-lines.ts';
import type { DurableRunPlace } from './durable-run.ts';
import { followJoin } from './follow-join.ts';
import { LiveLines } from './live-lines.ts';
import type { RunGroups } from './run-groups.ts';
import type { RunFlags } from './run-options.ts';
import { retentionOf } from './run-retention.ts';
import type { RunTopic } from './run-topic.ts';
import { runWorkload, verifyRun, type EndedRun, type RunVerdict } from './run-verification.ts';

const catchUpMs = 120_000;

/** Loaded when it is needed, so that --help loads no decompression. */
const durableRun = () => import('./durable-run.ts');

export interface RunPlace {
  readonly topic: RunTopic;
  readonly brokers: ResolvedBrokers;
  readonly groups: RunGroups;
}

/** One run, from its first member to its last. */
export class LiveRun {
  readonly #flags: RunFlags;
  readonly #brokers: ResolvedBrokers;
  readonly #place: DurableRunPlace;
  /** Present when other runs may produce to the topic. */
  readonly #topicLength: TopicLength | undefined;
  readonly #context: CommandContext;
  readonly #lines: LiveLines;
  readonly #durableLines: ReadonlyMap<string, DurableLines>;
  readonly #groups: LiveGroups;
  readonly #settleMs: number;
  readonly #partitions: number;
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
    this.#brokers = brokers;
    this.#place = { connection: brokers.connection, topic: topic.topic, groups: groups.groups };
    this.#topicLength = flags.durable ? new TopicLength(brokers.connection, topic) : undefined;
    this.#context = context;
    this.#settleMs = groups.settleMs;
    this.#partitions = topic.beginOffsets.length;
    this.#groups = new LiveGroups({
      connection: brokers.connection,
      ...topic,
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
        this.#durableLines.get(group)?.event(event);
      },
    });
    this.#lines = new LiveLines(
      context,
      () => this.#groups.view(this.#inTopic()),
      () => [...this.#durableLines.values()].flatMap(({ live }) => (live === undefined ? [] : [`  ${live}`])),
    );
    const names = flags.durable ? groups.groups.map(({ name }) => name) : [];
    this.#durableLines = new Map(
      names.map((name) => [name, new DurableLines(context, () => this.#groups.group(name), `${name}: `)]),
    );
  }

  /** True when a signal ended it, false for --duration or `stop`. */
  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  async outcome(): Promise<RunVerdict> {
    const { signal } = this.#context;
    const { connection, topic } = this.#place;
    const endFollowing = followJoin(connection, this.#groups.groups, this.#context);
    const startMs = nowMs();
    const instructions = this.#listen();
    try {
      // Members of a durable group may have much to restore.
      const timeoutMs = this.#flags.durable ? Infinity : this.#settleMs;
      // It shows the restores.
      if (this.#flags.durable) this.#lines.start();
      await this.#groups.start({ timeoutMs, signal }).finally(endFollowing);
      this.#feed = new Feed({
        ...{ connection, topic, workload: runWorkload },
        partitions: this.#partitions,
        rate: this.#flags.rate,
        timeoutMs: this.#flags.timeout,
      });
      if (!this.#flags.durable) this.#lines.start();
      await this.#untilStopped(this.#feed);
      const { records: produced, perPartition = [] } = await this.#feed.end();
      this.#context.log('the producer has stopped; the groups count to the end');
      await this.#countToEnd(perPartition);
      this.#endLines();
      await this.#groups.stop('drain');
      return await this.#verify({ produced, perPartition, durationMs: nowMs() - startMs });
    } catch (error) {
      await this.#feed?.end().catch(() => undefined);
      await this.#groups.stop('kill');
      throw error;
    } finally {
      instructions.close();
      this.#endLines();
      await this.#topicLength?.end();
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

  async #countToEnd(perPartition: readonly number[]): Promise<void> {
    const { killSignal: signal } = this.#context;
    if (this.#flags.durable) {
      const { untilCommitted } = await durableRun();
      const wait = { timeoutMs: catchUpMs, requestMs: this.#flags.timeout, signal };
      await Promise.race([untilCommitted(this.#place, wait), this.#groups.failure()]);
      return;
    }
    await this.#groups.catchUp(perPartition, { timeoutMs: catchUpMs, signal });
    await this.#groups.rest(perPartition, { timeoutMs: this.#settleMs, signal });
  }

  async #verify(facts: Pick<EndedRun, 'produced' | 'perPartition' | 'durationMs'>): Promise<RunVerdict> {
    const brokers = this.#brokers.label;
    const run = { flags: this.#flags, groups: this.#groups, brokers, crashes: this.#crashes, ...facts };
    if (!this.#flags.durable) return verifyRun(run, this.#context);
    return (await durableRun()).verifyDurableRun(this.#place, run, this.#context);
  }

  /** Number of records in the topic. */
  #inTopic(): number {
    return this.#topicLength?.records ?? this.#feed?.produced ?? 0;
  }

  #endLines(): void {
    this.#lines.end();
    for (const lines of this.#durableLines.values()) lines.end();
  }
}
