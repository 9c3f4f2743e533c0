import type { Amplifier } from './mutant.ts';

/**
 * Sleeps with Atomics.wait on private memory: a terminated thread ends there at once, as between
 * any two instructions.
 */
const sleepFunction =
  'const amplifierSleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);';

/**
 * Delays every fourth batch by some milliseconds, and in four of ten threads one batch for longer
 * than the limits of the watchdog (2 s), of max.poll.interval.ms in runs with zombies (4 s) and of
 * the hand-over (1 s more). It never delays the main thread, for which all others wait.
 */
const dwellFunction = `${sleepFunction}
const amplifierLong = { atMs: Math.random() < 0.4 ? performance.now() + 1_000 + 8_000 * Math.random() : Infinity, ms: 6_500 };
const amplifierDwell = () => {
    if (isMainThread) return;
    if (performance.now() > amplifierLong.atMs) {
        amplifierLong.atMs = Infinity;
        amplifierSleep(amplifierLong.ms);
    } else if (Math.random() < 0.25) amplifierSleep(2 + 10 * Math.random());
};`;

const journalImport = 'import { control, entry, entryInts, slot } from "./layout.js";';
const entriesStored = 'memory.store(control.journalEntries, entries);';
const eachSlot = 'for (let at = journalAt; at < end; at += entryInts) {';
const readerImport = 'import { block, blockAt, control, slot, slotInts } from "./layout.js";';
const copied = 'const complete = copySlots(';
const planImport = 'import { FreeMemory } from "./free-memory.js";';
const grown = 'fillSlots(memory, old, slots);';
const commitSent = 'this.#consumer.commit(';
const memberAdded = 'supervisor.addMember();';
const recoveryImport = "import assert from 'node:assert';";
const sealedRead = 'const sealed = memory.load(control.journalSealed) !== 0;';

/** Changes that the self-test makes in every program, including the correct one. */
export const amplifiers: readonly Amplifier[] = [
  {
    name: 'slow-apply',
    makes:
      'crashes, lease revocations and reads happen between the writes of a batch: before its journal is sealed, and between its slots',
    edits: [
      {
        file: 'count/journal.js',
        from: journalImport,
        to: `import { isMainThread } from 'node:worker_threads';\n${journalImport}\n${dwellFunction}`,
      },
      { file: 'count/journal.js', from: entriesStored, to: `amplifierDwell();\n    ${entriesStored}` },
      {
        file: 'count/journal.js',
        from: eachSlot,
        to: `const amplifierAt = journalAt + Math.floor((end - journalAt) / entryInts / 2) * entryInts;\n    ${eachSlot}\n        if (at === amplifierAt) amplifierDwell();`,
      },
    ],
  },
  {
    name: 'slow-growth',
    makes: 'crashes and reads happen during a batch that grows its table',
    edits: [
      { file: 'count/plan-batch.js', from: planImport, to: `${planImport}\n${sleepFunction}` },
      { file: 'count/plan-batch.js', from: grown, to: `${grown}\n    amplifierSleep(150);` },
    ],
  },
  {
    name: 'slow-reader',
    makes: 'batches are applied while a reader copies the table',
    edits: [
      { file: 'count/table-reader.js', from: readerImport, to: `${readerImport}\n${sleepFunction}` },
      {
        file: 'count/table-reader.js',
        from: copied,
        to: `if (Math.random() < 0.5) amplifierSleep(5);\n        ${copied}`,
      },
    ],
  },
  {
    name: 'late-exit',
    makes: 'the group reassigns the partitions of a dead member before the supervisor learns of its death',
    edits: [
      {
        file: 'worker-thread.js',
        from: "this.#worker.on('exit', (code) => {",
        to: "const end = resolve;\n            resolve = (how) => (how.code !== 0 && Math.random() < 0.3 ? setTimeout(end, 4_000 + 1_000 * Math.random(), how) : end(how));\n            this.#worker.on('exit', (code) => {",
      },
    ],
  },
  {
    name: 'scattered-start',
    makes: 'partitions are assigned and revoked while members join and the gate is closed',
    edits: [
      {
        file: 'stress/stress-run.js',
        from: memberAdded,
        // The body of a loop, which has to be a single statement.
        to: `{ await new Promise((resolve) => setTimeout(resolve, 500 * Math.random())); ${memberAdded} }`,
      },
    ],
  },
  {
    name: 'refused-commits',
    makes: 'commits fail, and some answers take longer than the interval between commits',
    edits: [
      {
        file: 'member/commits.js',
        from: commitSent,
        to: `if (Math.random() < 0.25) setTimeout(() => this.onAnswer({ error: new Error('amplified'), positions: moved.map(({ partition, nextOffset: offset }) => ({ partition, offset })) }), 400 * Math.random()).unref();\n        else ${commitSent}`,
      },
    ],
  },
  {
    name: 'slow-recovery',
    makes: 'members continue while the supervisor completes the batch of a dead member',
    edits: [
      { file: 'count/recovery.js', from: recoveryImport, to: `${recoveryImport}\n${sleepFunction}` },
      { file: 'count/recovery.js', from: sealedRead, to: `${sealedRead}\n    amplifierSleep(40);` },
    ],
  },
];
