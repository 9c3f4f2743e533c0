import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './project.js';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs the set-up on a supported Node. This Node may be too old to replace its own process, so it
 * stays as the parent. It forwards signals and exits as its child exits.
 * @param {readonly string[]} args
 */
export function main(args) {
  const child = spawn(join(root, 'setup', 'run'), [join(root, 'setup', 'main.js'), ...args], { stdio: 'inherit' });
  const forward = (signal) => child.kill(signal);
  for (const signal of forwarded) process.on(signal, forward);
  child.on('close', (code, signal) => {
    for (const name of forwarded) process.removeListener(name, forward);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
}
