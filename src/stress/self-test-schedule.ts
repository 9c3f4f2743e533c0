import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { factsOf, isLast, type FaultKind } from '../faults/kinds.ts';
import { StressReportSchema } from '../report/stress-report.ts';

/** What a schedule of a self-test is made of, beside its seed. */
export interface Storm {
  /** Each again and again; undefined for a seeded mixture. */
  readonly faults: readonly FaultKind[] | undefined;
  readonly protocol: string | undefined;
  /** Short runs in one process; one long run by default. */
  readonly runs: number | undefined;
}

/** What one schedule under one program came to. */
export interface ScheduleResult {
  /** Ids of checks that found something. */
  readonly checks: readonly string[];
  /** The first that each found, and what else went wrong, a line each; empty when nothing did. */
  readonly found: readonly string[];
}

/** The parts of a report that judge. */
const Findings = z.object({ checks: StressReportSchema.shape.checks, errors: StressReportSchema.shape.errors });

/** Long enough for a zombie to lose its partitions and wake. */
const durationMs = 9_000;
/** Of each run where there are several. */
const shortMs = 1_500;
/** All that a run may cost beyond its faults: to settle, to catch up, to settle again, to be read anew. */
const graceMs = 220_000;
/** The group has counted something by then. */
const firstMs = 500;
/** Of what happens in a moment, by scope: replacements have joined meanwhile, and tables do not only grow. */
const everyMs = { member: 1_200, other: 3_000 } as const;
/** Those that hit members, in every way there is, and records of all kinds. Brokers are shared and left alone. */
const mixed: readonly FaultKind[] = [
  ...(['crash', 'throw', 'stall', 'stuck', 'redelivery', 'zombie', 'churn', 'rolling-restart'] as const),
  ...(['poison', 'transactions', 'offsets-reset', 'process-pause'] as const),
];

/** Pure: a scenario file for `stress`, whose format is JSON as well as YAML. */
export function scenarioOf({ faults, protocol, runs }: Storm): string {
  const duration = runs === undefined ? durationMs : shortMs;
  const timed = (faults ?? []).map((kind) => {
    if (isLast(kind)) return { kind, at: duration };
    const facts = factsOf(kind);
    if (facts.durationMs[1] > 0) return { kind, at: firstMs };
    const pauseMs = facts.scope === 'member' ? everyMs.member : everyMs.other;
    return { kind, at: firstMs, every: pauseMs * (faults?.length ?? 1) };
  });
  const what = faults === undefined ? { mix: mixed } : { faults: timed };
  return JSON.stringify({ duration, ...(protocol === undefined ? {} : { protocol }), ...what });
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly bootstrapServers: string;
  /** More flags for its connection. */
  readonly clientFlags: readonly string[];
  readonly signal: AbortSignal;
  /** Where its history goes when it found something; undefined when nobody wants it. */
  readonly historyFolder?: string;
}

/** A whole program runs one schedule, its own stress test included: only the checks are right in it. */
export async function runSchedule(cliFile: string, storm: Storm, options: ScheduleOptions): Promise<ScheduleResult> {
  const { seed, bootstrapServers, clientFlags, signal, historyFolder } = options;
  const folder = await mkdtemp(join(tmpdir(), 'self-test-'));
  try {
    const [json, scenario] = [join(folder, 'report.json'), join(folder, 'storm.yaml')];
    await writeFile(scenario, scenarioOf(storm));
    const args = [
      ...['stress', '--quiet', '--seed', String(seed), '--scenario', scenario, '--bootstrap-server', bootstrapServers],
      ...['--history-dir', folder, '--json', json, '--runs', String(storm.runs ?? 1), ...clientFlags],
    ];
    const end = await endOf([cliFile, ...args], {
      timeout: durationMs + graceMs * (storm.runs === undefined ? 1 : 2),
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

/** The folders are of one run each, so that a name is not used twice. */
async function keepHistory(folder: string, historyFolder: string): Promise<void> {
  const isHistory = (path: string): boolean => path === folder || path.endsWith('.ndjson');
  await cp(folder, join(historyFolder, basename(folder)), { recursive: true, filter: isHistory });
}

/** Pure. @param report - as the program wrote it, whose own sums may be nonsense: it is broken */
export function judged(report: string): ScheduleResult {
  const { checks, errors } = Findings.parse(JSON.parse(report));
  const violated = checks.filter(({ violations }) => violations > 0);
  const lines = violated.map(({ id, violations, first }) => `${id}: ${first ?? ''} (${violations} in all)`);
  return { checks: violated.map(({ id }) => id), found: [...lines, ...errors.map((error) => `no verdict: ${error}`)] };
}

/** @returns how the process ended, for people: what says more is its report */
function endOf(
  args: readonly string[],
  options: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<string> {
  return new Promise((resolve) => {
    // Asked to end it would end its faults, and verify what happened.
    const how = { ...options, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 } as const;
    const process_ = execFile(process.execPath, args, how, (error, _stdout, stderr) => {
      const { exitCode, signalCode } = process_;
      const last = stderr.split('\n').findLast((line) => /^(error:|\w*Error\b)/.test(line)) ?? '';
      if (error?.killed === true) resolve(`no end of the process within ${options.timeout} ms`);
      else resolve(`the process ended without a report: ${signalCode ?? `exit code ${exitCode}`}: ${last}`);
    });
  });
}
