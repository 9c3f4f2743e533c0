import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** USER_HZ: the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** User and system time of all threads of a process so far, to 10 ms. @returns undefined where it has ended, or no /proc is */
export function cpuMsOf(pid: number): number | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The program's name, in brackets, may hold anything; user and system time are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
}

/** Of several processes together. @returns undefined where there are none, or not all can be read */
export function cpuMsOfAll(pids: readonly number[]): number | undefined {
  const each = pids.map(cpuMsOf);
  if (each.length === 0) return undefined;
  return each.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0);
}

/** Time that the machine's cores were busy so far, all together, whoever used them. */
export function machineBusyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}

/** Bytes that all network interfaces have received so far, loopback among them. @returns undefined where no /proc is */
export function receivedBytes(): number | undefined {
  const text = readOrUndefined('/proc/net/dev');
  return text === undefined ? undefined : parseReceivedBytes(text);
}

/** Pure: the first number of each interface's line in /proc/net/dev. */
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
