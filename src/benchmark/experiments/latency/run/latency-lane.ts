import { randomUUID } from 'node:crypto';
import type { Connection } from '../../../../config/connection.ts';
import type { ClientProperties } from '../../../../config/consumer-properties.ts';
import type { GroupConfig } from '../../../../config/group.ts';
import { latencyProducerProperties } from '../../../../config/producer-properties.ts';
import { largest } from '../../../../statistics/extremes.ts';
import { latencyRunLine } from './latency-run-line.ts';
import type { Capacity, LatencyPoint, LatencyReport, LatencyRun } from '../latency-schema.ts';
import type { Workload } from '../../../../workload/workload.ts';
import { latencyViews, sortedSeries, type LatencySeries } from '../latency-analysis.ts';
import type { BenchProgress } from '../../../bench-topic.ts';
import { CapacitySearch, capacityRateMax, type Probe } from './capacity-search.ts';
import { runLatencyOnce, type LatencyRunMade } from './latency-run.ts';

export interface LatencyLaneOptions {
  readonly connection: Connection;
  /** A new, empty topic that only this lane uses. */
  readonly topic: string;
  readonly partitions: number;
  readonly workload: Workload;
  readonly group: Omit<GroupConfig, 'groupId' | 'workUs'>;
  readonly members: readonly number[];
  readonly repetitions: number;
  readonly warmUps: number;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** Upper bound of the 99th percentile for the capacity search; undefined to skip the search. */
  readonly p99MsBound: number | undefined;
  readonly timeoutMs: number;
}

export interface LatencyLaneMade {
  readonly report: LatencyReport;
  readonly groupIds: readonly string[];
  readonly runsPlanned: number;
  /** The error that ended the lane early, if any; the report contains the runs made until then. */
  readonly error: unknown;
}

/**
 * Share of each schedule that the percentiles exclude as warm-up: JIT compilation and new
 * connections take one to two seconds. In a 10 s probe that excluded only one second, the rest of
 * the warm-up determined the 99th percentile (docs/latency.md).
 */
const warmUpShare = 0.2;
const warmUpMsMax = 2_000;
/** Maximum schedule of a warm-up run or a probe; confirmations last as long as the runs. */
const probeMsMax = 10_000;
const durationMsMax = { bracket: probeMsMax, bisect: probeMsMax, repeat: probeMsMax, confirm: Infinity } as const;
const rateMax = 2_000_000;
const precision = 0.1;
const confirmations = 2;
const probesMax = 40;

/** Makes all runs of the experiment one after the other, then searches for the capacity. */
export async function runLatencyLane(options: LatencyLaneOptions, progress: BenchProgress): Promise<LatencyLaneMade> {
  const lane = new LatencyLane(options, progress);
  let error: unknown;
  try {
    await lane.run();
  } catch (caught) {
    error = caught;
  }
  const { members, repetitions, warmUps } = options;
  const runsPlanned = Math.max(lane.runs.length, members.length * repetitions + warmUps);
  return { report: lane.report(), groupIds: lane.groupIds, runsPlanned, error };
}

class LatencyLane {
  readonly runs: LatencyRun[] = [];
  readonly groupIds: string[] = [];
  readonly #options: LatencyLaneOptions;
  readonly #progress: BenchProgress;
  readonly #properties: ClientProperties = latencyProducerProperties();
  readonly #series = new Map<number, LatencySeries[]>();
  readonly #capacity: Capacity[] = [];

  constructor(options: LatencyLaneOptions, progress: BenchProgress) {
    this.#options = options;
    this.#progress = progress;
  }

  async run(): Promise<void> {
    const { members, repetitions, warmUps, ratePerSecond, durationMs, p99MsBound } = this.#options;
    const most = largest(members);
    const warmUp = { members: most, repetition: 0, ratePerSecond, durationMs: Math.min(durationMs, probeMsMax) };
    for (let count = 0; count < warmUps; count += 1) await this.#once(warmUp);
    for (let repetition = 1; repetition <= repetitions; repetition += 1) {
      for (const count of members) {
        const { series } = await this.#once({ members: count, repetition, ratePerSecond, durationMs });
        this.#series.set(count, [...(this.#series.get(count) ?? []), series]);
      }
    }
    if (p99MsBound === undefined) return;
    for (const count of members) await this.#findCapacity(count, p99MsBound);
  }

  report(): LatencyReport {
    const { ratePerSecond, durationMs, partitions } = this.#options;
    return {
      ratePerSecond,
      durationMs,
      warmUpMs: warmUpOf(durationMs),
      partitions,
      producerProperties: { ...this.#properties },
      runs: this.runs,
      points: [...this.#series].map(([members, series]) => pointOf(members, series)),
      ...(this.#capacity.length === 0 ? {} : { capacity: this.#capacity }),
    };
  }

  async #once(run: {
    readonly members: number;
    readonly repetition: number;
    readonly ratePerSecond: number;
    readonly durationMs: number;
  }): Promise<LatencyRunMade> {
    const { connection, topic, workload, group, timeoutMs } = this.#options;
    const { signal } = this.#progress;
    signal.throwIfAborted();
    const groupId = `bench-${randomUUID().slice(0, 8)}`;
    this.groupIds.push(groupId);
    const what = `latency, members: ${run.members}, ${run.ratePerSecond.toLocaleString('en-US')} records/s`;
    this.#progress.live(`${what} …`);
    const made = await runLatencyOnce({
      ...run,
      connection,
      topic,
      workload,
      timeoutMs,
      signal,
      group: { ...group, groupId, workUs: 0 },
      warmUpMs: warmUpOf(run.durationMs),
      producerProperties: this.#properties,
      onNotice: (text) => {
        this.#progress.notice(text);
      },
    });
    this.runs.push(made.run);
    this.#progress.log(latencyRunLine(made.run));
    return made;
  }

  async #findCapacity(members: number, p99MsBound: number): Promise<void> {
    const { ratePerSecond: startRate, durationMs, partitions } = this.#options;
    const recordsKept = this.runs
      .filter(({ repetition }) => repetition > 0)
      .reduce((sum, { records }) => sum + records, 0);
    const search = new CapacitySearch({
      startRate,
      rateMin: partitions,
      rateMax: Math.min(rateMax, capacityRateMax(durationMs, recordsKept)),
      precision,
      confirmations,
      probesMax,
    });
    const probes: Capacity['probes'] = [];
    this.#progress.log(
      `searching for the highest rate with a 99th percentile of at most ${p99MsBound} ms, members: ${members}`,
    );
    for (let probe = search.next(); probe !== undefined; probe = search.next()) {
      const { run } = await this.#once({
        members,
        repetition: 0,
        ratePerSecond: probe.ratePerSecond,
        durationMs: Math.min(durationMs, durationMsMax[probe.purpose]),
      });
      const { p99 } = run.correctedMs;
      const passed = run.verified && p99 <= p99MsBound;
      search.add(probe, passed);
      probes.push({ ...probe, p99Ms: p99, catchUpMs: run.catchUpMs, passed });
      this.#progress.log(describe(probe, { p99, passed }));
    }
    const { ratePerSecond, isLimited } = search;
    const found = ratePerSecond === undefined ? {} : { ratePerSecond, ...(isLimited ? { limited: true } : {}) };
    this.#capacity.push({ members, p99MsBound, ...found, precision, probes });
  }
}

function describe(
  { purpose, ratePerSecond }: Probe,
  result: { readonly p99: number; readonly passed: boolean },
): string {
  const verdict = result.passed ? 'holds' : 'failed';
  return `  ${purpose} ${ratePerSecond.toLocaleString('en-US')} records/s: p99 ${result.p99.toFixed(1)} ms, ${verdict}`;
}

function warmUpOf(durationMs: number): number {
  return Math.min(warmUpMsMax, durationMs * warmUpShare);
}

function pointOf(members: number, series: readonly LatencySeries[]): LatencyPoint {
  return {
    members,
    runs: series.length,
    ...latencyViews(series),
    curves: {
      corrected: sortedSeries(series, 'corrected').curve(),
      sinceSent: sortedSeries(series, 'sinceSent').curve(),
      closedLoop: sortedSeries(series, 'closedLoop').curve(),
    },
  };
}
