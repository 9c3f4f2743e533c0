import { mkdirSync } from 'node:fs';
import { steps as build } from './build.js';
import { steps as chromium } from './chromium.js';
import { steps as client } from './client.js';
import { javaSteps, lostWithoutJava, steps as java } from './java.js';
import { kafkaVersionOfTests } from './kafka-files.js';
import { kafkaSteps, steps as kafka } from './kafka.js';
import { acquireLock } from './lock.js';
import { steps as node } from './node.js';
import { steps as npmPackages } from './npm-packages.js';
import { steps as patchedPackages } from './patched-packages.js';
import { cacheFolder } from './project.js';
import { steps as systemPackages } from './system-packages.js';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => boolean | Promise<boolean>} done - fast, because it is called at every start;
 *   throws while an earlier step is not done
 * @property {(log: (line: string) => void) => void | Promise<unknown>} run - throws when it fails;
 *   may be interrupted at any point, and is then not done
 * @property {string} hint - the command that would do it
 * @property {() => Promise<void>} [check] - throws when the result does not work; only `doctor`
 *   calls it
 * @property {string} [checkHint] - the command that would repair the result
 * @property {() => string} [found] - describes the result for users
 * @property {string} [optional] - the consequence of its absence; undefined for a required step
 * @property {string} [needs] - the consequence of the absence of the optional steps that it needs, if
 *   it is another one
 */

/** @type {readonly Step[]} in the order in which they need each other */
const steps = [...node, ...systemPackages, ...npmPackages, ...patchedPackages, ...client, ...java, ...kafka, ...build];

/** Another version of Kafka, which a test would otherwise fetch within its own time limit. */
const kafkaOfTests = [...javaSteps(kafkaVersionOfTests), ...kafkaSteps(kafkaVersionOfTests)].map((step) => ({
  ...step,
  optional: `tests on Apache Kafka ${kafkaVersionOfTests} try to fetch it again, or fail`,
  needs: lostWithoutJava,
}));

/** Steps that only the tests need, after the others. */
const testSteps = [...chromium, ...kafkaOfTests];

const waitMsMax = 1_800_000;

/**
 * Runs the steps that are not done.
 * @param {{ tests: boolean }} options - `tests`: includes the steps that only the tests need
 * @returns {Promise<number>} the exit code
 */
export function setUp({ tests }) {
  return complete(tests ? [...steps, ...testSteps] : steps);
}

/**
 * Builds the program, if its sources have changed since the last build.
 * @returns {Promise<number>} the exit code
 */
export function buildProgram() {
  return complete(build);
}

/**
 * Installs a version of Kafka beside the default one.
 * @param {string} version
 * @returns {Promise<number>} the exit code
 */
export function setUpKafka(version) {
  // Here Kafka is required, because the user has requested it.
  return complete([...javaSteps(version), ...kafkaSteps(version)].map((step) => ({ ...step, optional: undefined })));
}

async function complete(wanted) {
  if (!(await anyMissing(wanted))) return 0;
  let release;
  try {
    mkdirSync(cacheFolder, { recursive: true });
    release = await acquireLock({
      waitMsMax,
      onWait: () => say('setup: waiting for another setup process in this folder\n'),
    });
    return await runSteps(wanted);
  } catch (error) {
    say(`error: ${error.message}\n`);
    return 1;
  } finally {
    release?.();
  }
}

async function runSteps(wanted) {
  const lost = new Set();
  for (const step of wanted) {
    // Checked again: the previous holder of the lock may have run this step. A step that needs a
    // failed one is skipped with it.
    if (lost.has(step.optional) || lost.has(step.needs) || (await isDone(step))) continue;
    const sinceMs = performance.now();
    say(`setup: ${step.name} …`);
    try {
      await step.run((line) => say(`\n  ${line}`));
      if (!(await step.done())) throw new Error('it succeeded, but its result is missing');
    } catch (error) {
      say(` failed: ${error.message}\n`);
      say(step.optional === undefined ? `error: setup requires '${step.name}'\n` : `setup: ${step.optional}\n`);
      say(`hint: ${step.hint}\n`);
      if (step.optional === undefined) return 1;
      lost.add(step.optional);
      continue;
    }
    say(` ${((performance.now() - sinceMs) / 1_000).toFixed(1)} s\n`);
  }
  return 0;
}

/**
 * Prints what is installed and what is missing.
 * @returns {Promise<number>} 1 when a required step is missing
 */
export async function printFacts() {
  const facts = [];
  for (const step of steps) facts.push(await factOf(step));
  process.stdout.write(`${JSON.stringify(facts, undefined, 2)}\n`);
  return facts.every(({ present, lostWithout }) => present || lostWithout !== '') ? 0 : 1;
}

async function factOf(step) {
  const { name, found, hint, check, checkHint, optional } = step;
  const fact = { name, present: await isDone(step), found: found?.() ?? '', hint, lostWithout: optional ?? '' };
  if (!fact.present || check === undefined) return fact;
  try {
    await check();
    return fact;
  } catch (error) {
    return { ...fact, present: false, hint: `${checkHint}   (${error.message.trim().split('\n').at(-1).trim()})` };
  }
}

async function anyMissing(wanted) {
  const states = await Promise.all(wanted.map(isDone));
  return !states.every(Boolean);
}

/**
 * Files that an earlier set-up left incomplete, or that another one is writing, may be in any
 * state.
 */
async function isDone(step) {
  try {
    return await step.done();
  } catch {
    return false;
  }
}

function say(text) {
  process.stderr.write(text);
}
