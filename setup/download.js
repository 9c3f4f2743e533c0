import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout } from 'node:timers';
import { runCommand } from './command.js';

/** This file runs on any Node that supports ES modules, because `fetch-node.js` uses it. */

const defaultPausesMs = [5_000, 20_000];
const reasonLengthMax = 80;

/**
 * Failures that another attempt would only repeat: of npm, Maven and pip. pip writes `from versions:
 * none` also when it could not read the index.
 */
const finalFailures = [
  /^npm (?:error|ERR!) code (?:E404|ETARGET|EUSAGE)$/m,
  /Could not find artifact/,
  /\(from versions: (?!none).*\)[^]*No matching distribution/,
];

/**
 * Runs a program that downloads, and repeats it when it fails: one interrupted transfer among a
 * thousand must not end a set-up. Each repetition is a line on stderr.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {object} options - those of `runCommand`, and:
 * @param {string} options.name - of the command in that line
 * @param {string} [options.emptyFolder] - is made empty before each attempt
 * @param {readonly number[]} [options.pausesMs] - before each repetition
 * @returns {Promise<string>} its stdout
 * @throws {Error} of the last attempt
 */
export async function runDownload(program, args, { name, emptyFolder, pausesMs = defaultPausesMs, ...options }) {
  for (let attempt = 0; ; attempt++) {
    if (emptyFolder !== undefined) {
      rmSync(emptyFolder, { recursive: true, force: true });
      mkdirSync(emptyFolder, { recursive: true });
    }
    try {
      return await runCommand(program, args, options);
    } catch (error) {
      if (attempt === pausesMs.length || isFinal(error)) throw error;
      const pauseMs = pausesMs[attempt];
      const again = `trying again in ${pauseMs / 1_000} s`;
      process.stderr.write(`\n  ${name} failed (${reasonOf(error.output)}); ${again}\n`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** A program that its time limit has ended would probably need as long again. */
function isFinal({ output, timedOut }) {
  return output === undefined || timedOut || finalFailures.some((pattern) => pattern.test(output));
}

/** npm's error code, the cause that ends Maven's first error, or the last line. */
function reasonOf(output) {
  const npm = /^npm (?:error|ERR!) code (\S+)$/m.exec(output);
  const maven = /\[ERROR\] (?:.*: )?((?:[^()\n]|\([^()\n]*\))*?)(?: -> \[Help \d+\])?$/m.exec(output);
  const reason = (npm || maven || /([^\n]*)\n*$/.exec(output))[1].trim();
  return reason.length > reasonLengthMax ? `${reason.slice(0, reasonLengthMax)}…` : reason || 'no message';
}
