import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { HygieneFigures } from '../verify/check.ts';
import { anonymousMib } from './anonymous-memory.ts';

const reservationBytes = 2 ** 30;

/** @returns undefined without /proc */
export function processFigures(): HygieneFigures | undefined {
  try {
    const threads = readdirSync('/proc/self/task').flatMap((thread) => nameOf(thread) ?? []);
    const descriptors = readdirSync('/proc/self/fd');
    const { heapUsed, external } = process.memoryUsage();
    return {
      threads: threads.length,
      rdkThreads: threads.filter((name) => name.startsWith('rdk:')).length,
      clients: threads.filter((name) => name === 'rdk:main').length,
      eventLoops: descriptors.filter(isEventLoop).length,
      fileDescriptors: descriptors.length,
      reservations: readFileSync('/proc/self/maps', 'utf8').split('\n').filter(isReservation).length,
      liveMib: (heapUsed + external) / 2 ** 20,
      anonymousMib: anonymousMib(),
    };
  } catch {
    return undefined;
  }
}

let collect: (() => void) | undefined;

/** Collects all garbage of this thread, so that `processFigures` counts only what is in use. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  collect ??= runInNewContext('gc') as () => void;
  // Finalizers of the first collection release what the second one frees.
  for (let round = 0; round < 2; round += 1) {
    collect();
    await yieldToEvents();
  }
}

/** @returns undefined when the thread has just ended */
function nameOf(thread: string): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function isEventLoop(descriptor: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`) === 'anon_inode:[eventpoll]';
  } catch {
    // The descriptor of the listing itself has been closed.
    return false;
  }
}

/** @param line - a line of /proc/self/maps: `begin-end permissions …` */
function isReservation(line: string): boolean {
  const [, begin = '', end = ''] = /^([0-9a-f]+)-([0-9a-f]+) ---p/.exec(line) ?? [];
  return parseInt(end, 16) - parseInt(begin, 16) >= reservationBytes;
}
