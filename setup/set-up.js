import { endWithSignals } from './ending.js';
import { buildProgram, printFacts, setUp, setUpKafka } from './steps.js';

/** @param {readonly string[]} args - see main.js */
export async function main(args) {
  const then = args.indexOf('--then');
  const flags = then < 0 ? args : args.slice(0, then);
  const restoreSignals = endWithSignals();
  const kafka = flags.indexOf('--kafka');
  if (flags.includes('--facts')) process.exitCode = await printFacts();
  else if (flags.includes('--build')) process.exitCode = await buildProgram();
  else if (kafka >= 0) process.exitCode = await setUpKafka(flags[kafka + 1]);
  else process.exitCode = await setUp({ tests: flags.includes('--tests') });
  restoreSignals();
  if (then < 0 || process.exitCode !== 0) return;
  // The program replaces this process, so no other process is between it and its user's signals and
  // exit codes.
  process.execve(process.execPath, [process.execPath, ...args.slice(then + 1)], process.env);
}
