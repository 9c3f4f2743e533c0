import { existsSync, readFileSync, readlinkSync } from 'node:fs';

/** Identifies a process so that a later one with the same pid is not mistaken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * Start time in the kernel's clock ticks since boot; 0 without /proc, where the pid alone has to
   * suffice.
   */
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
  // The second field is the program's name in parentheses, which may itself contain spaces and
  // parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' ? undefined : { pid, startTicks: Number(startTicks) };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTicks === identity.startTicks;
}

/**
 * Pids are unique only within a namespace: containers that share a folder may not share their
 * processes.
 */
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
