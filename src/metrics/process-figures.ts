import { readdirSync, readFileSync } from 'node:fs';

/** Figures of this process at a moment. */
export interface ProcessFigures {
  readonly threads: number;
  /** Threads of librdkafka, by their names. */
  readonly rdkThreads: number;
  readonly fileDescriptors: number;
  readonly rssMib: number;
}

/** @returns undefined where there is no /proc */
export function processFigures(): ProcessFigures | undefined {
  try {
    const names = readdirSync('/proc/self/task').flatMap((thread) => nameOf(thread) ?? []);
    return {
      threads: names.length,
      rdkThreads: names.filter((name) => name.startsWith('rdk:')).length,
      fileDescriptors: readdirSync('/proc/self/fd').length,
      rssMib: process.memoryUsage.rss() / 2 ** 20,
    };
  } catch {
    return undefined;
  }
}

/** @returns undefined for a thread that has just ended */
function nameOf(thread: string): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}
