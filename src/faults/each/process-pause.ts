import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Fault } from '../fault.ts';

/** Everything in this process stands still, librdkafka's threads too. Somebody else has to wake it: a shell. */
export const processPause: Fault = {
  kind: 'process-pause',
  aim: (_target, { durationMs }) => ({
    text: 'this process',
    begin: async () => {
      const script = 'kill -STOP "$0" && sleep "$1"; kill -CONT "$0"';
      const shell = spawn('sh', ['-c', script, String(process.pid), String(durationMs / 1_000)], { stdio: 'ignore' });
      // A second or so passes here that never was, for us.
      await once(shell, 'exit');
      return undefined;
    },
  }),
};
