import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { nowMs } from '../../src/time/clock.ts';
import { treeCpuMs } from './processes-cpu.ts';
import type { StartPoint } from './start-points.ts';

export interface MeasuredStart {
  readonly wallMs: number;
  /** Child processes included. */
  readonly cpuMs: number;
}

const execute = promisify(execFile);
/** `times` prints minutes and seconds of the shell, and in its second line those of its children. */
const timed = '"$@" >/dev/null 2>&1 || exit; times';

/** @param place.env - the environment; TMPDIR decides where brokers keep their files */
export async function measureStart(
  point: StartPoint,
  place: { readonly env: NodeJS.ProcessEnv },
): Promise<MeasuredStart> {
  const sinceMs = nowMs();
  if (point.readyText === undefined) {
    // --norc: bash assumes that a socket as stdin means a remote shell, and would read .bashrc.
    const { stdout } = await execute('bash', ['--norc', '-c', timed, 'bash', ...point.command], place);
    return { wallMs: nowMs() - sinceMs, cpuMs: childrenCpuMs(stdout) };
  }
  return untilReady(point.command, point.readyText, place);
}

/** @returns the times until a line of stdout contains `text`; the process has ended then */
async function untilReady(
  [program, ...args]: StartPoint['command'],
  text: string,
  place: { readonly env: NodeJS.ProcessEnv },
): Promise<MeasuredStart> {
  const sinceMs = nowMs();
  const child = spawn(program, args, { ...place, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  try {
    for await (const line of createInterface(child.stdout)) {
      if (line.includes(text)) return { wallMs: nowMs() - sinceMs, cpuMs: treeCpuMs(child.pid ?? 0) };
    }
    throw new Error(`${program} ${args.join(' ')} ended before it was ready`);
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

/** @param text - output of the shell's `times`: `0m0.002s 0m0.001s`, twice */
export function childrenCpuMs(text: string): number {
  const times = [...text.matchAll(/(\d+)m([\d.]+)s/g)].slice(2);
  if (times.length !== 2) throw new Error(`unexpected output of times: ${text}`);
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000, 0);
}
