import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { defineFault } from '../fault.ts';

/**
 * Pauses everything in this process, librdkafka's threads included. Another process, a shell, has
 * to resume it.
 */
export const processPause = defineFault({
  kind: 'process-pause',
  does: 'pauses this whole process (SIGSTOP), then resumes it (SIGCONT)',
  scope: 'process',
  lane: 'process',
  durationMs: [500, 4_500],
  inSelfTest: true,
  aim: (_world, { durationMs }) => {
    if (shellWouldTakeOver()) return undefined;
    return {
      text: 'this process',
      begin: async () => {
        const script = 'kill -STOP "$0" && sleep "$1"; kill -CONT "$0"';
        const args = ['-c', script, String(process.pid), String(durationMs / 1_000)];
        const shell = spawn('sh', args, { stdio: 'ignore' });
        await once(shell, 'exit');
        return undefined;
      },
    };
  },
});

/**
 * An interactive shell that waits for this process treats a stop as Ctrl-Z and would put it into
 * the background.
 */
function shellWouldTakeOver(): boolean {
  if (!process.stdin.isTTY) return false;
  try {
    const parent = readFileSync(`/proc/${process.ppid}/comm`, 'utf8').trim();
    return /^-?(ba|z|fi|da|k|tc|c)?sh$/.test(parent);
  } catch {
    return true;
  }
}
