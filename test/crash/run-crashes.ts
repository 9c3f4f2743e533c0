import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { recoverTables } from '../../src/cluster/table-registry.ts';
import { control, createTable } from '../../src/count/layout.ts';
import { SharedTableMemory } from '../../src/count/table-memory.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { ClusterError } from '../../src/errors.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import type { MemberId } from '../../src/protocol/ids.ts';
import { commitPhase, commitPhases, insideCommit, type CommitPhase } from './commit-phase.ts';
import { CrashOracle } from './crash-oracle.ts';

export interface CrashOptions {
  /** Terminations inside the commit to be reached. */
  readonly terminations: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
}

export interface CrashReport {
  readonly seed: number;
  readonly terminations: number;
  readonly inside: number;
  /** Number of terminations by the phase in which the thread ended. */
  readonly phases: Readonly<Record<CommitPhase, number>>;
  readonly replayed: number;
  readonly records: number;
  readonly seconds: number;
  readonly partial: boolean;
}

/**
 * A table is replaced after this number of crashes, because checking takes longer the more words it
 * has.
 */
const tableDeaths = 60;
const batchesMax = 4;
const startedAhead = 3;
/** About as long as a batch takes from its seal to its end. */
const delayUsMax = 40;
const claimMsMax = 10_000;

/**
 * Terminates threads that write a table, right after a random one of their seals; each time the
 * table is recovered, compared word by word, and taken over by the next thread.
 * @throws ClusterError verificationFailed at the first table that is not exact
 */
export async function runCrashes({ terminations, seed, signal, onProgress }: CrashOptions): Promise<CrashReport> {
  const random = seededRandom(seed);
  const startMs = performance.now();
  const phases = Object.fromEntries(commitPhases.map((phase) => [phase, 0])) as Record<CommitPhase, number>;
  let [deaths, inside, replayed, records, toldMs] = [0, 0, 0, 0, startMs];
  let life = newTable(seed);
  const waiting: Writer[] = [];
  let started = 0;
  while (inside < terminations && signal?.aborted !== true) {
    // Threads start while others die; those of one table wait for it together.
    while (waiting.length < startedAhead && started - deaths < tableDeaths - (deaths % tableDeaths)) {
      waiting.push(startWriter(life.table, started, life.seed));
      started += 1;
    }
    const writer = waiting.shift();
    if (writer === undefined) break;
    await writer.ready;
    killInCommit(life.memory, writer, random);
    await writer.exited;
    const phase = commitPhase(life.memory);
    phases[phase] += 1;
    deaths += 1;
    if (insideCommit.includes(phase)) inside += 1;
    if (recoverTables([life.table], writer.owner)[0]?.replayed === true) replayed += 1;
    const counted = expectExact(life.table, life.oracle, `after death ${deaths}, which came ${phase}`);
    if (deaths % tableDeaths === 0) {
      records += counted;
      life = newTable(seed + deaths);
    }
    if (performance.now() - toldMs < 5_000) continue;
    toldMs = performance.now();
    onProgress?.(`${deaths} terminations, ${inside} of them inside the commit`);
  }
  await Promise.all(waiting.map(({ worker }) => worker.terminate()));
  records += life.reader.progress().nextOffset;
  const seconds = (performance.now() - startMs) / 1_000;
  return { seed, terminations: deaths, inside, phases, replayed, records, seconds, partial: signal?.aborted === true };
}

function newTable(seed: number) {
  const table = createTable({ nextOffset: 0, limitBytes: 2 ** 30, slotsLog2: 4 });
  const memory = new SharedTableMemory(table);
  return { table, memory, seed, reader: new TableReader(table), oracle: new CrashOracle(seed) };
}

interface Writer {
  readonly owner: MemberId;
  readonly worker: Worker;
  readonly gate: Int32Array;
  readonly ready: Promise<unknown>;
  readonly exited: Promise<unknown>;
}

function startWriter(table: SharedArrayBuffer, owner: number, seed: number): Writer {
  const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const file = new URL('../fixtures/count/crash-writer.js', import.meta.url);
  const worker = new Worker(file, { workerData: { table, owner, seed, gate }, execArgv: [] });
  return { owner: owner as MemberId, worker, gate, ready: once(worker, 'message'), exited: once(worker, 'exit') };
}

/**
 * Lets the writer apply a few batches, one at a time, and ends it shortly after it has seen one
 * sealed. It looks without rest, as a batch takes a few dozen microseconds from there; one that it
 * overslept is one more.
 */
function killInCommit(memory: SharedTableMemory, { worker, gate }: Writer, random: () => number): void {
  const batchesBefore = Math.floor(random() * batchesMax);
  const delayMs = (random() * delayUsMax) / 1_000;
  const deadlineMs = performance.now() + claimMsMax;
  for (let batches = 1; performance.now() < deadlineMs; batches += 1) {
    const version = memory.load(control.version);
    Atomics.store(gate, 0, batches);
    Atomics.notify(gate, 0);
    let sealed = false;
    while (!sealed && memory.load(control.version) < version + 2 && performance.now() < deadlineMs) {
      sealed = memory.load(control.journalSealed) !== 0;
    }
    if (sealed && batches > batchesBefore) break;
    while (memory.load(control.version) < version + 2 && performance.now() < deadlineMs);
  }
  const killMs = performance.now() + delayMs;
  while (performance.now() < killMs);
  void worker.terminate();
}

/** @returns its nextOffset */
function expectExact(table: SharedArrayBuffer, oracle: CrashOracle, when: string): number {
  const snapshot = new TableReader(table).snapshot({ timeoutMs: 1_000 });
  const difference = snapshot === undefined ? 'the table cannot be read' : oracle.difference(snapshot);
  if (difference !== undefined) throw new ClusterError('verificationFailed', `${when}: ${difference}`);
  return snapshot?.progress.nextOffset ?? 0;
}
