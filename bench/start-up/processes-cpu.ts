import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports CPU times to programs in hundredths of a second, whatever the kernel's clock. */
const tickMs = 10;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

/** @returns undefined for a process that has ended */
function readTimes(pid: number): ProcessTimes | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in parentheses and may contain spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { pid, parent: Number(fields[1]), cpuMs: ticks * tickMs };
  } catch {
    return undefined;
  }
}

/** CPU time until now of a process and of the processes below it that are running. */
export function treeCpuMs(root: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.flatMap((pid) => readTimes(Number(pid)) ?? []);
  const of = (pid: number): number =>
    all
      .filter(({ pid: own, parent }) => own === pid || parent === pid)
      .reduce((sum, { pid: own, cpuMs }) => sum + (own === pid ? cpuMs : of(own)), 0);
  return of(root);
}
