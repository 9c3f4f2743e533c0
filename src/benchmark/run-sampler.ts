import type { GroupSnapshot } from '../cluster/snapshot.ts';
import { nowMs } from '../time/clock.ts';
import { startTimer } from '../time/sleep.ts';
import type { RunReport } from '../results/report-parts.ts';
import { cpuMsOfAll } from './process-usage.ts';

const intervalMs = 50;
/** When there are so many, every second one is dropped and the interval doubled: a run of hours is no heavier than one of 12 s. */
const momentsMax = 240;
const rssIntervalMs = 20;

export interface RunSamplerOptions {
  /** Read about every 50 ms. */
  readonly snapshot: () => GroupSnapshot;
  /** Of managed brokers. */
  readonly brokerPids: readonly number[];
}

interface Moment {
  readonly atMs: number;
  readonly perPartition: readonly number[];
  readonly perMember: readonly number[];
  readonly cpuMs: number;
  readonly brokerCpuMs: number | undefined;
  readonly rssMib: number;
}

/** Follows one run: the peak of resident memory from its making on, and a bounded series of moments from `open` on. */
export class RunSampler {
  readonly #options: RunSamplerOptions;
  readonly #rssTimer: NodeJS.Timeout;
  #timer: ReturnType<typeof startTimer> | undefined;
  #intervalMs = intervalMs;
  #moments: Moment[] = [];
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

  /** @param openMs - of the gate's opening, time/clock.ts: the zero of the series */
  open(openMs: number): void {
    this.#openMs = openMs;
    this.#cpuAtOpenMs = processCpuMs();
    this.#brokerCpuAtOpenMs = cpuMsOfAll(this.#options.brokerPids);
    this.#timer = startTimer(this.#intervalMs, () => {
      this.#tick();
    });
  }

  /** Takes the last moment and ends. May be called twice. */
  stop(): void {
    if (this.#timer !== undefined) this.#look();
    this.#timer?.clear();
    clearInterval(this.#rssTimer);
    this.#timer = undefined;
  }

  get peakRssMib(): number {
    return this.#peakBytes / 2 ** 20;
  }

  /** The series as it is reported. */
  samples(): RunReport['samples'] {
    const moments = this.#moments;
    const brokerCpuMs = moments.map((moment) => moment.brokerCpuMs).filter((value) => value !== undefined);
    const last = moments.at(-1);
    return {
      intervalMs: this.#intervalMs,
      atMs: moments.map(({ atMs }) => rounded(atMs)),
      recordsPerPartition: (last?.perPartition ?? []).map((_, index) =>
        moments.map(({ perPartition }) => perPartition[index] ?? 0),
      ),
      recordsPerMember: (last?.perMember ?? []).map((_, index) =>
        moments.map(({ perMember }) => perMember[index] ?? 0),
      ),
      cpuMs: moments.map(({ cpuMs }) => rounded(cpuMs)),
      ...(moments.length > 0 && brokerCpuMs.length === moments.length ? { brokerCpuMs } : {}),
      rssMib: moments.map(({ rssMib }) => rounded(rssMib)),
    };
  }

  #tick(): void {
    this.#look();
    if (this.#moments.length >= momentsMax) {
      this.#moments = this.#moments.filter((_, index) => index % 2 === 1);
      this.#intervalMs *= 2;
    }
    // Moments lie on a grid, so that a late one does not move those after it; timers are early by up to a millisecond.
    const sinceMs = nowMs() - this.#openMs;
    const nextMs = (Math.floor(sinceMs / this.#intervalMs + 0.5) + 1) * this.#intervalMs;
    this.#timer = startTimer(nextMs - sinceMs, () => {
      this.#tick();
    });
  }

  #look(): void {
    const { partitions, members } = this.#options.snapshot();
    const brokerCpuMs = cpuMsOfAll(this.#options.brokerPids);
    this.#moments.push({
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
