import { existsSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that can't be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Kernel clock ticks after boot at which it started; 0 where there is no /proc, and the pid must do. */
  readonly startTicks: number;
}

/** @returns undefined when the process does not exist or is a zombie */
export function identify(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return existsSync('/proc/self/stat') || !answersSignals(pid) ? undefined : { pid, startTicks: 0 };
  }
  // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' ? undefined : { pid, startTicks: Number(startTicks) };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTicks === identity.startTicks;
}

/** Pids mean something only within it: containers that share a folder may not share their processes. */
export function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
