import type { GroupSnapshot } from '../cluster/snapshot.ts';
import { nowMs } from '../time/clock.ts';
import { startTimer } from '../time/sleep.ts';
import type { RunReport } from '../results/report-parts.ts';
import { cpuMsOfAll } from './process-usage.ts';

const intervalMs = 50;
/**
 * Limits memory and overhead of long runs. At this number of samples, every second one is dropped
 * and the interval is doubled, so that a run of hours keeps no more samples than one of 12 s.
 */
const samplesMax = 240;
const rssIntervalMs = 20;

export interface RunSamplerOptions {
  /** Called about every 50 ms at first, less often in long runs. */
  readonly snapshot: () => GroupSnapshot;
  /** Process ids of managed brokers. */
  readonly brokerPids: readonly number[];
}

interface Sample {
  readonly atMs: number;
  readonly perPartition: readonly number[];
  readonly perMember: readonly number[];
  readonly cpuMs: number;
  readonly brokerCpuMs: number | undefined;
  readonly rssMib: number;
}

/**
 * Samples one run: the peak of resident memory since construction, and a bounded time series since
 * `open`.
 */
export class RunSampler {
  readonly #options: RunSamplerOptions;
  readonly #rssTimer: NodeJS.Timeout;
  #timer: ReturnType<typeof startTimer> | undefined;
  #intervalMs = intervalMs;
  #samples: Sample[] = [];
  #peakBytes = 0;
  #openMs = 0;
  #cpuAtOpenMs = 0;
  #brokerCpuAtOpenMs: number | undefined;

  constructor(options: RunSamplerOptions) {
    this.#options = options;
    this.#sampleRss();
    this.#rssTimer = setInterval(() => {
      this.#sampleRss();
    }, rssIntervalMs).unref();
  }

  /**
   * Starts the time series.
   * @param openMs - time at which the gate opened, on the monotonic clock (time/clock.ts); time 0
   * of the series
   */
  open(openMs: number): void {
    this.#openMs = openMs;
    this.#cpuAtOpenMs = processCpuMs();
    this.#brokerCpuAtOpenMs = cpuMsOfAll(this.#options.brokerPids);
    this.#timer = startTimer(this.#intervalMs, () => {
      this.#tick();
    });
  }

  /** Takes the last sample and stops the timers. Idempotent. */
  stop(): void {
    if (this.#timer !== undefined) this.#look();
    this.#timer?.clear();
    clearInterval(this.#rssTimer);
    this.#timer = undefined;
  }

  get peakRssMib(): number {
    return this.#peakBytes / 2 ** 20;
  }

  /** @returns the time series in the form that the report contains */
  samples(): RunReport['samples'] {
    const samples = this.#samples;
    const brokerCpuMs = samples.map((sample) => sample.brokerCpuMs).filter((value) => value !== undefined);
    const last = samples.at(-1);
    return {
      intervalMs: this.#intervalMs,
      atMs: samples.map(({ atMs }) => rounded(atMs)),
      recordsPerPartition: (last?.perPartition ?? []).map((_, index) =>
        samples.map(({ perPartition }) => perPartition[index] ?? 0),
      ),
      recordsPerMember: (last?.perMember ?? []).map((_, index) =>
        samples.map(({ perMember }) => perMember[index] ?? 0),
      ),
      cpuMs: samples.map(({ cpuMs }) => rounded(cpuMs)),
      ...(samples.length > 0 && brokerCpuMs.length === samples.length ? { brokerCpuMs } : {}),
      rssMib: samples.map(({ rssMib }) => rounded(rssMib)),
    };
  }

  #tick(): void {
    this.#look();
    if (this.#samples.length >= samplesMax) {
      this.#samples = this.#samples.filter((_, index) => index % 2 === 1);
      this.#intervalMs *= 2;
    }
    // Samples are scheduled on a fixed grid, so that a late one does not delay the following ones.
    // The rounding tolerates timers that fire up to a millisecond early.
    const sinceMs = nowMs() - this.#openMs;
    const nextMs = (Math.floor(sinceMs / this.#intervalMs + 0.5) + 1) * this.#intervalMs;
    this.#timer = startTimer(nextMs - sinceMs, () => {
      this.#tick();
    });
  }

  #look(): void {
    const { partitions, members } = this.#options.snapshot();
    const brokerCpuMs = cpuMsOfAll(this.#options.brokerPids);
    this.#samples.push({
      atMs: nowMs() - this.#openMs,
      perPartition: partitions.map(({ records }) => records),
      perMember: members.map(({ meter }) => meter.records),
      cpuMs: processCpuMs() - this.#cpuAtOpenMs,
      brokerCpuMs:
        brokerCpuMs === undefined || this.#brokerCpuAtOpenMs === undefined
          ? undefined
          : brokerCpuMs - this.#brokerCpuAtOpenMs,
      rssMib: process.memoryUsage.rss() / 2 ** 20,
    });
  }

  #sampleRss(): void {
    this.#peakBytes = Math.max(this.#peakBytes, process.memoryUsage.rss());
  }
}

function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
