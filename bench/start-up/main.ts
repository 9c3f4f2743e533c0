/**
 * How long the program takes to start, warm: `npm run bench -- start-up`. The points are measured in
 * turns, so that other work on the machine affects all alike.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Command } from 'commander';
import { countOf, parseShare } from '../../src/config/units.ts';
import { renderColumns } from '../../src/report/columns.ts';
import { median, samplesOf } from '../../src/statistics/statistics.ts';
import { judgeStarts, StartUpSchema, type PointResult, type StartUpResult } from './judge-starts.ts';
import { measureStart, type MeasuredStart } from './measure-start.ts';
import { startPoints, type StartPoint } from './start-points.ts';

interface Flags {
  readonly rounds: number;
  readonly json?: string;
  readonly baseline?: string;
  readonly maxGrowth: number;
}

const flags = new Command('bench start-up')
  .description('Measures how long the program takes to start, warm, against the bare start of Node and Java.')
  .option('--rounds <count>', 'starts of each kind', countOf('--rounds', 1, 1_000), 10)
  .option('--json <file>', 'file to write')
  .option('--baseline <file>', 'result to compare with; exit code 4 when a start is slower')
  .option(
    '--max-growth <share>',
    'largest growth of the ratio to a bare start',
    (text) => parseShare('--max-growth', text, { min: 0.01, max: 10 }),
    0.5,
  )
  .parse()
  .opts<Flags>();

/** One start of each point that does not count: it fills the caches. */
const warmUps = 1;

async function measureAll(points: readonly StartPoint[], rounds: number): Promise<readonly MeasuredStart[][]> {
  // Background brokers of the user stay unseen, and what a start leaves behind is removed.
  const folder = await mkdtemp(join(tmpdir(), 'start-up-'));
  // Scripts find this Node, so that they choose it at once, as on a machine that has a supported one.
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const place = { env: { ...process.env, PATH: path, TMPDIR: folder } };
  const starts = points.map((): MeasuredStart[] => []);
  try {
    for (let round = -warmUps; round < rounds; round += 1) {
      for (const [index, point] of points.entries()) {
        const start = await measureStart(point, place);
        if (round >= 0) starts[index]?.push(start);
      }
    }
    return starts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function resultsOf(points: readonly StartPoint[], starts: readonly (readonly MeasuredStart[])[]): PointResult[] {
  const medianOf = (values: readonly number[]): number => median(samplesOf(values));
  const startsOf = (name: string) => starts[points.findIndex((point) => point.name === name)] ?? [];
  return points.map(({ name, floor, limitMs }) => {
    const [own, bare] = [startsOf(name), startsOf(floor)];
    return {
      ...{ name, floor, cpuMs: medianOf(own.map(({ cpuMs }) => cpuMs)) },
      // Of starts that follow one another. The least of each kind would not compare equals: among a
      // few starts of 50 ms one finds the machine at its fastest, and none of those of 5 s does.
      ratio: medianOf(own.map(({ cpuMs }, round) => cpuMs / (bare[round]?.cpuMs ?? NaN))),
      wallMs: medianOf(own.map(({ wallMs }) => wallMs)),
      ...(limitMs === undefined ? {} : { limitMs }),
    };
  });
}

function render({ points }: StartUpResult): string {
  const figures = {
    'MEDIAN WALL MS': ({ wallMs }: PointResult) => wallMs.toFixed(0),
    'MEDIAN CPU MS': ({ cpuMs }: PointResult) => cpuMs.toFixed(0),
    'TIMES BARE': ({ ratio }: PointResult) => ratio.toFixed(1),
    'LIMIT MS': ({ limitMs }: PointResult) => limitMs?.toFixed(0) ?? '',
  };
  return renderColumns([
    { title: 'START', align: 'left', cells: points.map(({ name }) => name) },
    ...Object.entries(figures).map(([title, cell]) => ({ title, align: 'right' as const, cells: points.map(cell) })),
  ]);
}

const points = startPoints();
const starts = await measureAll(points, flags.rounds);
const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`;
const result: StartUpResult = { machine, rounds: flags.rounds, points: resultsOf(points, starts) };
process.stdout.write(`${machine}; ${flags.rounds} starts of each kind, in turns\n\n${render(result)}\n`);
if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
if (flags.baseline !== undefined) {
  const baseline = StartUpSchema.parse(JSON.parse(await readFile(flags.baseline, 'utf8')));
  const { slow, overLimit } = judgeStarts(result, baseline, flags.maxGrowth);
  for (const line of overLimit) process.stderr.write(`warning: ${line}\n`);
  for (const line of slow) process.stderr.write(`error: ${line}\n`);
  if (slow.length > 0) process.exitCode = 4;
}
