import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { nowMs } from '../../src/time/clock.ts';
import { treeCpuMs } from '../start-up/processes-cpu.ts';

/** One process that has restored its tables and counted what was new. */
export interface Restore {
  /** Counts read from the changelog. */
  readonly words: number;
  /** Until the members asked for their tables, from the start of the process. */
  readonly toRequestMs: number;
  /** From the first request to the last table granted. */
  readonly restoreMs: number;
  /** From the start of the process to its first output of new counts. */
  readonly toNewCountMs: number;
  /** CPU of the process until the last table was granted. */
  readonly cpuMs: number;
}

const cliFile = new URL('../../dist/cli.js', import.meta.url).pathname;
const restoredLine = /partition \d+: (?:restored (?<words>[\d,]+) counts in (?<seconds>[\d.]+) s|up to date)/;

/**
 * Starts `counts --durable`, which ends when the topic is counted and committed.
 * @param args - of `consumer-cluster`
 * @throws Error with all that the process has printed on stderr when it fails
 */
export async function measureRestore(args: readonly string[]): Promise<Restore> {
  const startMs = nowMs();
  const child = spawn(process.execPath, [cliFile, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  let words = 0;
  let requestMs = Infinity;
  let grantedMs = startMs;
  let cpuMs = 0;
  let newCountMs = Infinity;
  createInterface(child.stderr).on('line', (line) => {
    errors.push(line);
    const found = restoredLine.exec(line)?.groups;
    if (found === undefined) return;
    const { words: restored = '0', seconds = '0' } = found;
    words += Number(restored.replaceAll(',', ''));
    grantedMs = nowMs();
    requestMs = Math.min(requestMs, grantedMs - Number(seconds) * 1_000);
    cpuMs = treeCpuMs(child.pid ?? 0);
  });
  child.stdout.on('data', () => {
    newCountMs = Math.min(newCountMs, nowMs());
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`exit code ${code}:\n${errors.join('\n')}`);
  return {
    words,
    toRequestMs: requestMs - startMs,
    restoreMs: grantedMs - requestMs,
    toNewCountMs: newCountMs - startMs,
    cpuMs,
  };
}
