import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { text } from 'node:stream/consumers';
import type { AbSample } from '../../src/results/compare/compare-ab.ts';
import { mediansOf } from '../../src/benchmark/experiments/ab/run/ab-runs.ts';
import { namesOf } from '../../src/config/names-of.ts';
import { seededRandom, shuffled } from '../../src/seeded-random.ts';
import { benchReport, type BenchReport } from '../../src/results/schema.ts';
import { gates, type Settings } from './settings.ts';
import { nowMs } from '../../src/time/clock.ts';

/**
 * The measurements of one trial. The unchanged program is compared with itself and with the slow
 * copy.
 */
export interface Trial {
  readonly trial: number;
  readonly seconds: number;
  /** Load average over one minute at the end of the trial. */
  readonly load: number;
  /** Reports of gate across-machines: before, the same program again, the slow one. */
  readonly reports?: Readonly<Record<Side, BenchReport>>;
  /** Samples of gate ab; `again` and `slow` are side b. */
  readonly samples?: Readonly<Record<Side, readonly AbSample[]>>;
}

/** The programs of a trial, and what each is to the comparison. */
const sides = {
  before: { program: 'same', side: 'a' },
  again: { program: 'same', side: 'b' },
  slow: { program: 'slow', side: 'b' },
} as const;
type Side = keyof typeof sides;

export interface Programs {
  readonly same: string;
  readonly slow: string;
  readonly bootstrapServers: string;
  readonly topic: string;
}

/**
 * Measures the three programs of a trial in turn, in an order that the seed randomizes for every
 * pair.
 */
export async function measureTrial(
  trial: number,
  settings: Settings,
  programs: Programs,
  signal: AbortSignal,
): Promise<Trial> {
  const sinceMs = nowMs();
  const random = seededRandom(settings.seed + 1_000 * trial);
  const made = { before: [], again: [], slow: [] } as Record<Side, BenchReport[]>;
  const pairs = gates[settings.gate].processes(settings);
  for (let pair = 1; pair <= pairs; pair += 1) {
    for (const side of shuffled(namesOf(sides), random)) {
      made[side].push(
        await runBench(programs[sides[side].program], settings, programs, { seed: 100 * trial + pair, signal }),
      );
    }
  }
  const facts = { trial, seconds: (nowMs() - sinceMs) / 1_000, load: loadavg()[0] ?? NaN };
  if (settings.gate === 'ab') return { ...facts, samples: eachSide((side) => samplesOf(side, made[side])) };
  const onlyOf = ([report]: readonly BenchReport[]): BenchReport => {
    if (report === undefined) throw new Error('a report of every side');
    return report;
  };
  return { ...facts, reports: eachSide((side) => onlyOf(made[side])) };
}

function eachSide<Value>(valueOf: (side: Side) => Value): Record<Side, Value> {
  return { before: valueOf('before'), again: valueOf('again'), slow: valueOf('slow') };
}

function samplesOf(side: Side, reports: readonly BenchReport[]): AbSample[] {
  return reports.flatMap(({ runs }, index) =>
    mediansOf(runs).map((sample) => ({ ...sample, side: sides[side].side, pair: index + 1 })),
  );
}

async function runBench(
  cli: string,
  { lane, members, runs, workUs }: Settings,
  { bootstrapServers, topic }: Programs,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<BenchReport> {
  signal.throwIfAborted();
  const where = ['bench', '--bootstrap-server', bootstrapServers, '--topic', topic, '--lane', lane];
  const plan = ['--members', members.join(), '--repetitions', String(runs), '--warm-up', '0', '--seed', String(seed)];
  const work = lane === 'work' ? ['--work-us', String(workUs)] : [];
  const args = [...where, ...plan, ...work, '--json', '-', '--quiet'];
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null]>]);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`bench ended with ${code ?? 'a signal'}`);
  return benchReport.parse(JSON.parse(output));
}
