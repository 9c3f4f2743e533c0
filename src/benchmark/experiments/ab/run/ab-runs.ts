import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { AbSample } from '../../../../results/compare/compare-ab.ts';
import { lanes, type Lane } from '../../../../config/lanes.ts';
import { ClusterError } from '../../../../errors.ts';
import { seededRandom } from '../../../../seeded-random.ts';
import { median, samplesOf } from '../../../../statistics/statistics.ts';
import type { BenchProgress } from '../../../bench-topic.ts';
import { whole } from '../../../../numbers.ts';

export interface AbRunsOptions {
  /** Paths of the entry points of both programs. */
  readonly a: string;
  readonly b: string;
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly lanes: readonly Lane[];
  readonly members: readonly number[];
  readonly pairs: number;
  /** Runs per process for each lane and number of members; their median is the process's sample. */
  readonly runsEach: number;
  readonly workUs: number;
  /** Seed for the order of the two programs within each pair. */
  readonly seed: number;
  /** Additional `bench` flags, identical for both programs. */
  readonly flags: readonly string[];
}

/** The part of the report that the reports of all program versions contain. */
const childReport = z.object({
  runs: z.array(
    z.object({
      lane: z.enum(lanes),
      members: z.int(),
      warmUp: z.boolean(),
      recordsPerSecond: z.number(),
      cpuMicrosPerRecord: z.number(),
      verified: z.boolean(),
    }),
  ),
});

/**
 * Benchmarks two programs alternately on one topic. In each pair, both programs run every lane and
 * number of members in separate processes, one after the other, in an order drawn from the seed.
 * Each process verifies its counts against its own recount. Process start and recount take longer
 * than a run, so several runs per process reduce the variance of a sample more cheaply than
 * additional pairs.
 * @returns all samples except those of the first pair, which warms up brokers and caches
 * @throws ClusterError verificationFailed when a run has wrong counts, memberFailed when a program
 * fails; the signal's reason
 */
export async function runAb(options: AbRunsOptions, progress: BenchProgress): Promise<AbSample[]> {
  const { pairs, seed } = options;
  const random = seededRandom(seed);
  const samples: AbSample[] = [];
  for (let pair = 0; pair <= pairs; pair += 1) {
    const order = random() < 0.5 ? (['a', 'b'] as const) : (['b', 'a'] as const);
    for (const side of order) {
      progress.live(`pair ${pair} of ${pairs}, ${side.toUpperCase()} …`);
      const runs = await runChild(options, side, pair, progress.signal);
      if (pair > 0) for (const run of runs) samples.push({ ...run, side, pair });
    }
    progress.log(`${pair === 0 ? 'warm-up' : `pair ${pair} of ${pairs}`}: ${pairLine(samples, pair)}`);
  }
  return samples;
}

async function runChild(
  options: AbRunsOptions,
  side: 'a' | 'b',
  pair: number,
  signal: AbortSignal,
): Promise<Omit<AbSample, 'side' | 'pair'>[]> {
  const { bootstrapServers, topic, members, workUs, runsEach, flags } = options;
  signal.throwIfAborted();
  const args = ['bench', '--bootstrap-server', bootstrapServers, '--topic', topic, '--lane', options.lanes.join()];
  const plan = [
    '--members',
    members.join(),
    '--repetitions',
    String(runsEach),
    '--warm-up',
    '0',
    ...(options.lanes.includes('work') ? ['--work-us', String(workUs)] : []),
  ];
  const output = ['--json', '-', '--quiet'];
  const child = spawn(
    process.execPath,
    [options[side], ...args, ...plan, '--seed', String(pair), ...flags, ...output],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Suppresses the job summary of each child process; the comparison writes its own.
      env: { ...process.env, GITHUB_STEP_SUMMARY: '' },
    },
  );
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]).finally(() => {
    signal.removeEventListener('abort', stop);
  });
  signal.throwIfAborted();
  if (code === 3) {
    throw new ClusterError('verificationFailed', `${side.toUpperCase()} had wrong counts in pair ${pair}`);
  }
  if (code !== 0) {
    const hint = stderr.trim().split('\n').at(-1) ?? '';
    throw new ClusterError(
      'memberFailed',
      `${side.toUpperCase()} failed in pair ${pair}, exit code ${code ?? 'none'}`,
      {
        hint,
      },
    );
  }
  return mediansOf(childReport.parse(JSON.parse(stdout)).runs);
}

type ChildRun = z.infer<typeof childReport>['runs'][number];

/** Pure: one sample for each lane and number of members, in the order of their first runs. */
export function mediansOf(runs: readonly ChildRun[]): Omit<AbSample, 'side' | 'pair'>[] {
  const points = new Map<string, ChildRun[]>();
  for (const run of runs) {
    const point = `${run.lane} ${run.members}`;
    points.set(point, [...(points.get(point) ?? []), run]);
  }
  return [...points.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const middle = (measure: 'recordsPerSecond' | 'cpuMicrosPerRecord'): number =>
      median(samplesOf(own.map((run) => run[measure])));
    const { lane, members } = first;
    return {
      ...{ lane, members },
      recordsPerSecond: middle('recordsPerSecond'),
      cpuMicrosPerRecord: middle('cpuMicrosPerRecord'),
    };
  });
}

function pairLine(samples: readonly AbSample[], pair: number): string {
  const own = samples.filter((sample) => sample.pair === pair);
  const sides = (side: 'a' | 'b'): string =>
    own
      .filter((sample) => sample.side === side)
      .sort((x, y) => x.lane.localeCompare(y.lane) || x.members - y.members)
      .map(({ recordsPerSecond }) => whole(recordsPerSecond))
      .join(' ');
  return own.length === 0 ? 'not counted' : `A ${sides('a')} · B ${sides('b')} records/s`;
}
