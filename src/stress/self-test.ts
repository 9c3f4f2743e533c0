import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildMutant } from '../mutants/build-mutant.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { StressReportSchema, type StressReport } from '../report/stress-report.ts';

/** What became of one broken program. */
export type MutantResult = StressReport['mutants'][number];

export interface SelfTestOptions {
  readonly mutants: readonly Mutant[];
  /** Of each mutant's first schedule. */
  readonly seed: number;
  /** Schedules until a mutant counts as one that survived. */
  readonly schedulesMax: number;
  /** Brokers that mutants share: none of the faults that break brokers then. */
  readonly bootstrapServers: string;
  readonly signal: AbortSignal;
  readonly onResult: (result: MutantResult, mutant: Mutant) => void;
}

/** More at once would only take the processors from each other. */
const atOnce = 2;
/** Long enough for a zombie to lose its partitions and wake. */
const durationMs = 9_000;
/** All that a run may cost beyond its faults. */
const graceMs = 150_000;
/** Those that hit members, in every way there is, and records of all kinds. */
const faults =
  'crash,throw,stall,stuck,redelivery,zombie,churn,rolling-restart,poison,transactions,offsets-reset,process-pause';

/** Lets `stress` loose on programs that are broken on purpose, each until a check catches it. */
export async function selfTest(options: SelfTestOptions): Promise<MutantResult[]> {
  const waiting = [...options.mutants];
  const results: MutantResult[] = [];
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const result = await tryMutant(mutant, options);
      // What was broken off says nothing.
      if (options.signal.aborted) return;
      results.push(result);
      options.onResult(result, mutant);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

/** The mutant's whole program runs, its own stress test included: only the checks are right in it. */
async function tryMutant(mutant: Mutant, options: SelfTestOptions): Promise<MutantResult> {
  const folder = await mkdtemp(join(tmpdir(), 'self-test-'));
  const built = await buildMutant(mutant.name);
  try {
    const json = join(folder, 'report.json');
    const { seed, schedulesMax, bootstrapServers, signal } = options;
    const args = [
      ...['stress', '--quiet', '--seed', String(seed), '--runs', String(schedulesMax), '--fail-fast'],
      ...['--duration', String(durationMs), '--faults', faults, '--bootstrap-server', bootstrapServers],
      ...['--history-dir', folder, '--json', json],
    ];
    await runProgram([built.cliFile, ...args], { timeout: schedulesMax * (durationMs + graceMs), signal });
    return { name: mutant.name, ...(await judged(json)) };
  } finally {
    await built.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

function runProgram(
  args: readonly string[],
  options: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve) => {
    // Its exit code says less than its report.
    execFile(process.execPath, args, { ...options, maxBuffer: 2 ** 28 }, () => {
      resolve();
    });
  });
}

async function judged(json: string): Promise<Pick<MutantResult, 'caughtBy' | 'schedules'>> {
  const text = await readFile(json, 'utf8').catch(() => undefined);
  // The whole process died or hung: a user would have noticed that without any check.
  if (text === undefined) return { caughtBy: 'the end of the process', schedules: 1 };
  const { checks, runs, errors } = StressReportSchema.parse(JSON.parse(text));
  const schedules = runs + errors.length;
  const caught = checks.filter(({ violations }) => violations > 0).map(({ id }) => id);
  if (caught.length > 0) return { caughtBy: caught.join(' '), schedules };
  return { caughtBy: errors.length > 0 ? 'an error of the run' : null, schedules };
}
