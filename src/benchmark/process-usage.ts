import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** USER_HZ, which is 100 on every Linux platform that Node supports. */
const ticksPerSecond = 100;

/**
 * CPU time (user and system) of all threads of a process since its start.
 * @returns milliseconds, in steps of 10; undefined when the process has ended, or without /proc
 */
export function cpuMsOf(pid: number): number | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The program name, in parentheses, may contain spaces and parentheses. User and system time are
  // the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
}

/**
 * CPU time of several processes together.
 * @returns milliseconds; undefined for an empty list, or when a process cannot be read
 */
export function cpuMsOfAll(pids: readonly number[]): number | undefined {
  const each = pids.map(cpuMsOf);
  if (each.length === 0) return undefined;
  return each.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0);
}

/** Busy time of all cores since boot, summed over all processes of the machine, milliseconds. */
export function machineBusyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}

/**
 * Bytes that all network interfaces, including loopback, have received since boot.
 * @returns undefined without /proc
 */
export function receivedBytes(): number | undefined {
  const text = readOrUndefined('/proc/net/dev');
  return text === undefined ? undefined : parseReceivedBytes(text);
}

/** Pure: sums the first number of each interface's line in /proc/net/dev. */
export function parseReceivedBytes(text: string): number {
  return [...text.matchAll(/^\s*\S+:\s*(\d+)/gm)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
