import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { spawnTied } from '../../src/brokers/tied-process.ts';
import type { Peer, PeerRun, PeerTask } from './peer.ts';
import { UsageSampler } from './usage-sampler.ts';

/** Where the program of one run finds and puts things. */
export interface RunFiles {
  /** Its stdout and stderr. */
  readonly log: string;
  /** A JSON of `ProgramResult`. */
  readonly result: string;
  /** Of lane `count`: word, tab, count a line. */
  readonly counts: string;
  /** A folder for what else it keeps; not there at first. */
  readonly state: string;
}

const programResult = z.strictObject({
  /** When the whole group was assigned; milliseconds since 1970, as `endedAtMs`. */
  startedAtMs: z.number().positive(),
  /** When the last record was done with. */
  endedAtMs: z.number().positive(),
  records: z.int().min(0),
  bytes: z.int().min(0),
});
export type ProgramResult = z.infer<typeof programResult>;

export interface ProgramPeerOptions extends Pick<Peer, 'name' | 'title' | 'lane' | 'members' | 'settings'> {
  readonly bytesTolerance?: number;
  readonly prepare?: Peer['prepare'];
  /** The program that runs and its arguments. */
  readonly command: (task: PeerTask, files: RunFiles) => readonly [string, ...string[]];
  /** Reads the result of a program that does not write `files.result`. */
  readonly readResult?: (files: RunFiles) => Promise<ProgramResult>;
  /** Called after each run, even a failed one. */
  readonly cleanUp?: (task: PeerTask) => Promise<void>;
}

/** A program slower than this is assumed to hang. */
const recordsPerSecondMin = 1_000;
const hangMs = 120_000;
const logTailLines = 15;

/** A row whose work one process does, tied to this process. */
export function programPeer(options: ProgramPeerOptions): Peer {
  const { name, title, lane, members, settings, bytesTolerance = 0 } = options;
  return {
    name,
    title,
    lane,
    members,
    settings,
    bytesTolerance,
    prepare: options.prepare ?? (() => Promise.resolve(undefined)),
    run: (task) => runProgram(options, task),
  };
}

async function runProgram(options: ProgramPeerOptions, task: PeerTask): Promise<PeerRun> {
  const base = join(task.folder, task.runId);
  const files: RunFiles = {
    log: `${base}.log`,
    result: `${base}.json`,
    counts: `${base}.tsv`,
    state: `${base}.state`,
  };
  try {
    const usage = await runMeasured(options.command(task, files), files.log, task);
    const result = await (options.readResult ?? readResultFile)(files);
    const { startedAtMs, endedAtMs, records, bytes } = result;
    return {
      durationMs: endedAtMs - startedAtMs,
      records,
      bytes,
      counts: options.lane === 'count' ? parseCounts(await readFile(files.counts, 'utf8')) : undefined,
      cpuMs: usage.cpuMsBetween(startedAtMs, endedAtMs),
      peakRssBytes: usage.peakRssBytesUntil(endedAtMs),
    };
  } finally {
    await options.cleanUp?.(task);
    for (const file of [files.log, files.result, files.counts, files.state]) {
      await rm(file, { recursive: true, force: true });
    }
  }
}

/** Runs the program to its end. Kills it on the signal or when it takes too long. */
async function runMeasured(
  command: readonly [string, ...string[]],
  logFile: string,
  { signal, topic }: PeerTask,
): Promise<UsageSampler> {
  signal.throwIfAborted();
  const child = await spawnTied(command, logFile);
  const usage = new UsageSampler(child.pid);
  const timer = new AbortController();
  const timeUp = sleep(hangMs + topic.records / (recordsPerSecondMin / 1_000), 'time is up', timer).catch(() => '');
  const kill = (): void => {
    child.signal('SIGKILL');
  };
  signal.addEventListener('abort', kill);
  // The signal may have fired while the program was being started.
  if (signal.aborted) kill();
  try {
    const ended = await Promise.race([child.ended, timeUp]);
    signal.throwIfAborted();
    if (ended !== 'exit code 0') throw new Error(`${ended}: ${await tailOf(logFile)}`);
    return usage;
  } finally {
    usage.stop();
    timer.abort();
    signal.removeEventListener('abort', kill);
    kill();
    await child.ended;
  }
}

/** Reads what the program has written to `files.result`. */
export async function readResultFile({ result }: RunFiles): Promise<ProgramResult> {
  return programResult.parse(JSON.parse(await readFile(result, 'utf8')));
}

function parseCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab >= 0) counts.set(line.slice(0, tab), Number(line.slice(tab + 1)));
  }
  return counts;
}

async function tailOf(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return lines.slice(-logTailLines).join('\n');
}
