import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { allFaults, faultOf, type FaultKind } from './faults/all-faults.ts';
import type { FaultScope } from '../history/event.ts';
import { StressReportSchema } from '../results/stress-report.ts';

/** What a schedule of a self-test consists of, besides its seed. */
export interface FaultMix {
  /** Each is repeated; undefined means a seeded mixture. */
  readonly faults: readonly FaultKind[] | undefined;
  readonly protocol: string | undefined;
  /** Number of short runs in one process; undefined means one long run. */
  readonly runs: number | undefined;
  /** A run across processes, with faults of `stress --processes` mixed by the seed. */
  readonly processes?: { readonly count: number; readonly faults: readonly string[] };
}

/** The result of one schedule under one program. */
export interface ScheduleResult {
  /** Names of the checks that found a violation. */
  readonly checks: readonly string[];
  /**
   * The first violation of each check and every other failure, one line each; empty when there are
   * none.
   */
  readonly found: readonly string[];
}

/** The parts of a report that contain its findings. */
const Findings = z.object({ checks: StressReportSchema.shape.checks, errors: StressReportSchema.shape.errors });

/** Long enough for a zombie to lose its partitions and resume. */
const durationMs = 9_000;
/** Duration of each run when there are several. */
const shortMs = 1_500;
/**
 * Time that a run may take besides its faults: to settle, to catch up, to settle again, to be
 * reread.
 */
const graceMs = 220_000;
/** Time of the first fault: the group has counted some records by then. */
const firstMs = 500;
/**
 * Interval between instant faults: replacements can join meanwhile, and tables do more than grow.
 */
const intervalMs: Readonly<Record<FaultScope, number>> = {
  member: 1_200,
  network: 3_000,
  broker: 3_000,
  topic: 3_000,
  process: 3_000,
};
const mixed = allFaults.filter(({ inSelfTest }) => inSelfTest === true).map(({ kind }) => kind);

/** A scenario file for `stress`: JSON, which is also YAML. Pure. */
export function scenarioOf({ faults, protocol, runs }: FaultMix): string {
  const duration = runs === undefined ? durationMs : shortMs;
  const timed = (faults ?? []).map((kind) => {
    const { endsRun, durationMs: range, scope } = faultOf(kind);
    if (endsRun === true) return { kind, at: duration };
    if (range[1] > 0) return { kind, at: firstMs };
    return { kind, at: firstMs, every: intervalMs[scope] * (faults?.length ?? 1) };
  });
  const what = faults === undefined ? { mix: mixed } : { faults: timed };
  return JSON.stringify({ duration, ...(protocol === undefined ? {} : { protocol }), ...what });
}

export interface SelfTestScheduleOptions {
  readonly seed: number;
  readonly bootstrapServers: string;
  /** Further flags for its connection. */
  readonly clientFlags: readonly string[];
  readonly signal: AbortSignal;
  /** Receives the history of a schedule with findings; undefined discards it. */
  readonly historyFolder?: string;
}

/**
 * Runs one schedule in a separate process with the given program, whose stress test is mutated too;
 * only its checks are correct.
 */
export async function runSchedule(
  cliFile: string,
  mix: FaultMix,
  options: SelfTestScheduleOptions,
): Promise<ScheduleResult> {
  const { seed, bootstrapServers, clientFlags, signal, historyFolder } = options;
  const folder = await mkdtemp(join(tmpdir(), 'self-test-'));
  try {
    const [json, scenario] = [join(folder, 'report.json'), join(folder, 'mix.yaml')];
    await writeFile(scenario, scenarioOf(mix));
    const args = [
      ...['stress', '--quiet', '--seed', String(seed), ...planFlags(mix, scenario)],
      ...['--bootstrap-server', bootstrapServers],
      ...['--history-dir', folder, '--json', json, '--runs', String(mix.runs ?? 1), ...clientFlags],
    ];
    const end = await endOf([cliFile, ...args], {
      timeout: durationMs + graceMs * (mix.runs === undefined ? 1 : 2),
      signal,
    });
    const text = await readFile(json, 'utf8').catch(() => undefined);
    const result = text === undefined ? { checks: [], found: [end] } : judged(text);
    if (result.found.length > 0 && historyFolder !== undefined) await keepHistory(folder, historyFolder);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param scenario - file for a run in one process */
function planFlags({ processes, protocol }: FaultMix, scenario: string): readonly string[] {
  if (processes === undefined) return ['--scenario', scenario];
  const { count, faults } = processes;
  return [
    ...['--processes', String(count), '--faults', faults.join(','), '--duration', `${durationMs}ms`],
    ...(protocol === undefined ? [] : ['--protocol', protocol]),
  ];
}

/** Copies the folder of the histories; its name is unique. */
async function keepHistory(folder: string, historyFolder: string): Promise<void> {
  const isHistory = (path: string): boolean => path === folder || path.endsWith('.ndjson');
  await cp(folder, join(historyFolder, basename(folder)), { recursive: true, filter: isHistory });
}

/** Pure. @param report - as the mutated program wrote it: its sums may be wrong */
export function judged(report: string): ScheduleResult {
  const { checks, errors } = Findings.parse(JSON.parse(report));
  const violated = checks.filter(({ violations }) => violations > 0);
  const lines = violated.map(({ name, violations, first }) => `${name}: ${first ?? ''} (${violations} in total)`);
  return {
    checks: violated.map(({ name }) => name),
    found: [...lines, ...errors.map((error) => `no verdict: ${error}`)],
  };
}

/** @returns how the process ended, for people; its report says more */
function endOf(
  args: readonly string[],
  options: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<string> {
  return new Promise((resolve) => {
    // On SIGTERM it would end its faults and verify what happened.
    const how = { ...options, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 } as const;
    const child = execFile(process.execPath, args, how, (error, _stdout, stderr) => {
      const { exitCode, signalCode } = child;
      const message = stderr.split('\n').findLast((line) => /^(error:|\w*Error\b)/.test(line)) ?? '';
      if (error?.killed === true) resolve(`the process did not end within ${options.timeout} ms`);
      else resolve(`the process ended without a report: ${signalCode ?? `exit code ${exitCode}`}: ${message}`);
    });
  });
}
