import { endCommands } from './command.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * On a signal, ends the running commands with all their processes, and then this process by the
 * same signal, so that its parent can see the cause.
 * @returns {() => void} restores the default reaction to signals
 */
export function endWithSignals() {
  const end = (signal) => {
    void endCommands().then(() => {
      restore();
      process.stderr.write('\n');
      process.kill(process.pid, signal);
    });
  };
  const restore = () => {
    for (const signal of signals) process.removeListener(signal, end);
  };
  for (const signal of signals) process.on(signal, end);
  return restore;
}
