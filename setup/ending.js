import { endCommands } from './command.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * A signal ends the running commands with all their processes, and then this process, by that same signal: what started
 * it sees why it ended.
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
