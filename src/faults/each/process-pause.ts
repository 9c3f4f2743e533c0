import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Fault } from '../fault.ts';

/** Everything in this process stands still, librdkafka's threads too. Somebody else has to wake it: a shell. */
export const processPause: Fault = {
  kind: 'process-pause',
  aim: (_target, { durationMs }) => {
    if (shellWouldTakeOver()) return undefined;
    return {
      text: 'this process',
      begin: async () => {
        const script = 'kill -STOP "$0" && sleep "$1"; kill -CONT "$0"';
        const args = ['-c', script, String(process.pid), String(durationMs / 1_000)];
        const shell = spawn('sh', args, { stdio: 'ignore' });
        // Time passes here that never was, for us.
        await once(shell, 'exit');
        return undefined;
      },
    };
  },
};

/** A shell that waits for us on a terminal takes a stop for Ctrl-Z: it would put us into the background. */
function shellWouldTakeOver(): boolean {
  if (!process.stdin.isTTY) return false;
  try {
    const parent = readFileSync(`/proc/${process.ppid}/comm`, 'utf8').trim();
    return /^-?(ba|z|fi|da|k|tc|c)?sh$/.test(parent);
  } catch {
    return true;
  }
}
