import { readFileSync } from 'node:fs';

const intervalMs = 20;
/** USER_HZ, which is the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

interface Sample {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly cpuMs: number;
  readonly peakRssBytes: number;
}

/**
 * Samples CPU time and memory of another process from outside, so that every program is measured in
 * the same way, including those that can't report them.
 */
export class UsageSampler {
  readonly #pid: number;
  readonly #samples: Sample[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => {
      this.#sample();
    }, intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** User and system time of all its threads between two times, milliseconds since 1970. */
  cpuMsBetween(startedAtMs: number, endedAtMs: number): number {
    return this.#cpuMsAt(endedAtMs) - this.#cpuMsAt(startedAtMs);
  }

  /** Largest resident memory until the given time. */
  peakRssBytesUntil(endedAtMs: number): number {
    const sample = this.#samples.find(({ atMs }) => atMs >= endedAtMs) ?? this.#samples.at(-1);
    return sample?.peakRssBytes ?? 0;
  }

  #cpuMsAt(ms: number): number {
    const after = this.#samples.findIndex(({ atMs }) => atMs >= ms);
    const right = this.#samples.at(after);
    const left = after > 0 ? this.#samples[after - 1] : undefined;
    if (right === undefined) return 0;
    if (left === undefined || after < 0) return right.cpuMs;
    const share = (ms - left.atMs) / (right.atMs - left.atMs);
    return left.cpuMs + share * (right.cpuMs - left.cpuMs);
  }

  #sample(): void {
    try {
      const stat = readFileSync(`/proc/${this.#pid}/stat`, 'utf8');
      const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
      // The program's name, in parentheses, may contain anything; user and system time are the 12th
      // and 13th field after it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = Number(fields[11]) + Number(fields[12]);
      const peakKib = Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? NaN);
      // A process that has ended, but whose parent has not waited for it yet, has no memory.
      if (Number.isNaN(peakKib)) return;
      this.#samples.push({
        atMs: Date.now(),
        cpuMs: (ticks / ticksPerSecond) * 1_000,
        peakRssBytes: peakKib * 1_024,
      });
    } catch {
      // The process has ended.
    }
  }
}
