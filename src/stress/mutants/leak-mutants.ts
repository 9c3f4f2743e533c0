import type { Mutant, MutantEdit } from './mutant.ts';

const file = 'stress/tested-group.js';
const topicNamed = 'this.topic = `';

/** Runs the statement once per run. Objects in `kept` are never garbage-collected. */
function eachRun(statement: string): MutantEdit {
  return {
    file,
    from: topicNamed,
    to: `const kept = (globalThis.kept ??= []);\n        ${statement}\n        ${topicNamed}`,
  };
}

function imports(line: string): MutantEdit {
  const first = "import { randomUUID } from 'node:crypto';";
  return { file, from: first, to: `${line}\n${first}` };
}

/** Enough runs to distinguish growth from the level that the first runs reach. */
const runs = 8;

/** Leaks of the process. The first ones show in a single run, the others only from run to run. */
export const leakMutants: readonly Mutant[] = [
  {
    name: 'leaks-a-client',
    breaks: 'the producer of each run is never closed',
    side: 'supervisor',
    simulated: false,
    judges: ['hygiene'],
    faults: ['stall'],
    edits: [
      {
        file: 'workload/weighted-feed.js',
        from: 'this.#producer.close();',
        to: '(globalThis.kept ??= []).push(this.#producer);',
      },
    ],
  },
  {
    name: 'leaks-a-worker',
    breaks: 'each run leaks a thread with its isolate',
    side: 'supervisor',
    simulated: false,
    judges: ['hygiene'],
    faults: ['stall'],
    edits: [
      imports("import { Worker } from 'node:worker_threads';"),
      eachRun("kept.push(new Worker('setInterval(() => {}, 1_000)', { eval: true }).unref());"),
    ],
  },
  {
    name: 'leaks-8-descriptors',
    breaks: 'each run leaks 8 open files',
    side: 'supervisor',
    simulated: false,
    judges: ['hygiene'],
    faults: ['stall'],
    runs: 2,
    edits: [
      imports("import { openSync } from 'node:fs';"),
      eachRun("for (let file = 0; file < 8; file += 1) openSync('/dev/null', 'r');"),
    ],
  },
  {
    name: 'leaks-a-descriptor',
    breaks: 'each run leaks an open file',
    side: 'supervisor',
    simulated: false,
    judges: ['hygiene'],
    faults: ['stall'],
    runs,
    edits: [imports("import { openSync } from 'node:fs';"), eachRun("openSync('/dev/null', 'r');")],
  },
  {
    name: 'leaks-buffers',
    breaks: 'each run leaks 16 MiB',
    side: 'supervisor',
    simulated: false,
    judges: ['hygiene'],
    faults: ['stall'],
    runs,
    edits: [eachRun('kept.push(Buffer.alloc(16 * 2 ** 20, 1));')],
  },
  {
    name: 'leaks-tables',
    breaks: 'the tables of ended runs are leaked',
    side: 'supervisor',
    simulated: false,
    judges: ['hygiene'],
    faults: ['stall'],
    runs,
    edits: [eachRun('kept.push(this);')],
  },
  {
    name: 'leaks-resident-memory',
    breaks: 'each run leaks 48 MiB that no V8 statistic includes',
    side: 'supervisor',
    simulated: false,
    judges: ['hygiene'],
    faults: ['stall'],
    runs,
    edits: [
      eachRun(
        'kept.push(new Uint8Array(new SharedArrayBuffer(48 * 2 ** 20, { maxByteLength: 64 * 2 ** 20 })).fill(1));',
      ),
    ],
  },
];
