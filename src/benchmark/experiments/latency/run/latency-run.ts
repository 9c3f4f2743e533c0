import { renderRetry } from '../../../../errors.ts';
import { neverRestart } from '../../../../cluster/restart-policy.ts';
import { Supervisor } from '../../../../cluster/supervisor.ts';
import type { Connection } from '../../../../config/connection.ts';
import type { ClientProperties } from '../../../../config/consumer-properties.ts';
import type { GroupConfig } from '../../../../config/group.ts';
import { settleTimeoutMs } from '../../../../config/takeover-bounds.ts';
import { nowMs } from '../../../../time/clock.ts';
import { untilAborted } from '../../../../time/until-aborted.ts';
import {
  createLatencyTimestamps,
  latencyColumnOf,
  type LatencyTimestamps,
} from '../../../../protocol/cells/latency-timestamps.ts';
import { Schedule } from '../../../../time/schedule.ts';
import type { LatencyRun } from '../latency-schema.ts';
import { readTopicRange } from '../../../../kafka/kafkajs/topic-range.ts';
import { PacedProducer } from '../../../../workload/paced-producer.ts';
import { referenceCounts } from '../../../../workload/reference-counts.ts';
import type { Workload } from '../../../../workload/workload.ts';
import { latencySeries, latencyViews, type LatencySeries } from '../latency-analysis.ts';
import { differencesOf } from '../../../verify-run.ts';

export interface LatencyRunOptions {
  readonly connection: Connection;
  /** Only this run may produce to it. Records of earlier runs are not read. */
  readonly topic: string;
  readonly workload: Workload;
  /** A group without committed offsets. */
  readonly group: GroupConfig;
  readonly members: number;
  /** Counted from 1; 0 for a warm-up or a probe, which the percentiles exclude. */
  readonly repetition: number;
  readonly ratePerSecond: number;
  /** Length of the schedule, including warm-up. */
  readonly durationMs: number;
  /**
   * Records scheduled within this time are counted and verified, but excluded from the percentiles.
   */
  readonly warmUpMs: number;
  readonly producerProperties: ClientProperties;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /**
   * Called when the schedule starts.
   * @param startMs - scheduled time of the first record, on the monotonic clock
   */
  readonly onStart?: (startMs: number) => void;
}

export interface LatencyRunMade {
  readonly run: LatencyRun;
  /** Latencies of single records, for percentiles over several runs. */
  readonly series: LatencySeries;
}

const hangMs = 120_000;
/**
 * Delay of the first record after the start message, so that the producer thread receives it in
 * time.
 */
const leadMs = 50;

/** @returns the number of records in a schedule, at least 1 */
export function recordsOf(ratePerSecond: number, durationMs: number): number {
  return Math.max(1, Math.round((ratePerSecond * durationMs) / 1_000));
}

/**
 * Makes one latency run. A new group first reaches a stable assignment. A separate thread then
 * produces on a schedule, and the timestamps of every record are stored. Finally, all word counts
 * are compared with the reference.
 * @throws ClusterError when a record was not delivered, a member failed or the group did not finish
 * in time; the signal's reason
 */
export async function runLatencyOnce(options: LatencyRunOptions): Promise<LatencyRunMade> {
  const { connection, topic, group, members, signal, timeoutMs, workload } = options;
  const { endOffsets: beginOffsets } = await readTopicRange(connection, topic, timeoutMs);
  const partitions = beginOffsets.length;
  const records = recordsOf(options.ratePerSecond, options.durationMs);
  const endOffsets = beginOffsets.map((begin, partition) => begin + Math.ceil((records - partition) / partitions));
  const points = createLatencyTimestamps({ baseMs: nowMs(), records, partitions });
  const supervisor = new Supervisor({
    topic,
    connection,
    group,
    membersMax: members,
    beginOffsets,
    endOffsets,
    latencyTimestamps: points,
    restart: neverRestart,
    onEvent: (event) => {
      if (event.type === 'notice') options.onNotice(`member ${event.memberId}: ${event.error.message}`);
      if (event.type === 'topicTrouble') options.onNotice(renderRetry(event.error));
    },
  });
  const producer = startProducer(options, points);
  try {
    for (let member = 0; member < members; member += 1) supervisor.addMember();
    await supervisor.waitSettled({ timeoutMs: settleTimeoutMs(group), signal });
    supervisor.openGate();
    const startMs = await produce(producer, options);
    await supervisor.waitReached({ timeoutMs: hangMs, signal });
    await supervisor.stop('drain');
    const reference = await referenceCounts(workload, { records, tokenizer: group.tokenizer, signal });
    const words = supervisor.rankedWords(Infinity);
    const target = { lane: 'drain', workUs: 0, beginOffsets, endOffsets, reference } as const;
    const differences = differencesOf(supervisor.snapshot(), words, target);
    return made(options, { points, startMs, words: reference.words, differences });
  } catch (error) {
    await supervisor.stop(signal.aborted ? 'drain' : 'kill');
    throw error;
  } finally {
    await producer.close();
  }
}

function startProducer(options: LatencyRunOptions, points: LatencyTimestamps): PacedProducer {
  const { connection, topic, workload, ratePerSecond, producerProperties: properties, timeoutMs } = options;
  return new PacedProducer({ connection, topic, workload, ratePerSecond, properties, timeoutMs, points });
}

/** @returns the scheduled time of the first record, on the monotonic clock */
async function produce(producer: PacedProducer, { signal, onStart }: LatencyRunOptions): Promise<number> {
  await untilAborted(producer.ready, signal);
  const startMs = nowMs() + leadMs;
  producer.start(startMs);
  onStart?.(startMs);
  await untilAborted(producer.finished, signal);
  return startMs;
}

function made(
  { members, repetition, ratePerSecond, warmUpMs }: LatencyRunOptions,
  facts: {
    readonly points: LatencyTimestamps;
    readonly startMs: number;
    readonly words: number;
    readonly differences: readonly string[];
  },
): LatencyRunMade {
  const { points, startMs, words, differences } = facts;
  const { records } = points;
  const schedule = new Schedule(startMs, ratePerSecond);
  const warmUpRecords = Math.min(records - 1, recordsBefore(schedule, startMs + warmUpMs));
  const series = latencySeries(points, schedule, warmUpRecords);
  const lastUs = latencyColumnOf(points, 'applied').reduce((latest, appliedUs) => Math.max(latest, appliedUs), 0);
  const run = {
    members,
    repetition,
    ratePerSecond,
    records,
    words,
    warmUpRecords,
    catchUpMs: points.baseMs + lastUs / 1_000 - schedule.atMs(records - 1),
    verified: differences.length === 0,
    ...(differences.length === 0 ? {} : { differences: [...differences] }),
    ...latencyViews([series]),
  };
  return { run, series };
}

function recordsBefore(schedule: Schedule, endMs: number): number {
  return endMs <= schedule.startMs ? 0 : schedule.dueBy(endMs);
}
