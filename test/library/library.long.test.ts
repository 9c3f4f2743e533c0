import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';

const name = 'consumer-cluster-wordcount';
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** What a user's program may write, and what the compiler must refuse. */
const consumer = `
import { bench, ClusterError, produce, startBrokers, startGroup, stress, verifyTopic } from '${name}';
import type { BenchReport, Brokers, ErrorCode, Group, StressReport } from '${name}';
import { on } from 'node:events';

async function use(brokers: Brokers): Promise<string> {
  await brokers.restart(1, { signal: AbortSignal.timeout(1_000) });
  return brokers.bootstrapServers;
}

export async function main(): Promise<void> {
  await using brokers = await startBrokers({ nodes: 1, properties: { 'num.io.threads': '2' } });
  try {
    await use(brokers);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const code: ErrorCode = error.code;
    const hint: string | undefined = error.hint;
    void [code, hint];
  }
  await produce({ brokers, topic: 't', input: ['folder'] });
  await using group: Group = await startGroup({ brokers: 'host:9092', topic: 't' });
  group.on('assigned', ({ memberId, partitions }) => [memberId.toFixed(), partitions.length]);
  for await (const event of on(group, 'memberCrashed')) void event;
  const { equal } = await verifyTopic({ brokers, counts: await group.counts() });
  const report: BenchReport = await bench({ brokers, members: [1, 2] });
  const stressed: StressReport = await stress({ faults: ['crash'], signal: AbortSignal.timeout(1) });
  const speeds: number[] = report.scaling.map(({ speedup }) => speedup ?? 0);
  const verdict: 'passed' | 'failed' | 'interrupted' | 'couldNotRun' = stressed.verdict;
  void [equal, speeds, verdict];
  // @ts-expect-error -- no such event
  group.on('crashed', () => undefined);
  // @ts-expect-error -- no such property of the event
  group.on('assigned', ({ member }) => member);
  // @ts-expect-error -- read-only
  brokers.version = '3.9.2';
  // @ts-expect-error -- no such option
  await startBrokers({ brokers: 1 });
  // @ts-expect-error -- not a code
  const wrong: ErrorCode = 'someCode';
  void wrong;
}
`;

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${status}\n${stdout}${stderr}`);
  return stdout;
}

let folder: string;

/** A user's project: the package as npm packs it, its dependencies, and types of Node. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'library-types-'));
  const [{ filename = '' } = {}] = JSON.parse(
    run('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
  ) as { filename?: string }[];
  const installed = join(folder, 'node_modules', name);
  mkdirSync(installed, { recursive: true });
  run('tar', '-xf', join(folder, filename), '-C', installed, '--strip-components=1');
  for (const dependency of [...Object.keys(dependencies), '@types/node', 'undici-types']) {
    const link = join(folder, 'node_modules', dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve('node_modules', dependency), link);
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'consumer.ts'), consumer);
});

test.each([
  { module: 'node16', lib: 'es2022', skipLibCheck: false },
  { module: 'nodenext', lib: 'esnext', skipLibCheck: false, exactOptionalPropertyTypes: true },
])('the types of the packed package compile in a strict project: %j', (options) => {
  const compilerOptions = {
    target: 'es2022',
    strict: true,
    noEmit: true,
    types: ['node'],
    ...options,
    lib: [options.lib],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  expect(run(process.execPath, resolve('node_modules/typescript/lib/tsc.js'), '-p', folder)).toBe('');
});

test('Node finds the package by its name and loads nothing but the entry point', () => {
  writeFileSync(join(folder, 'main.js'), `console.log(Object.keys(await import('${name}')).join());`);
  expect(run(process.execPath, join(folder, 'main.js'))).toBe(
    'ClusterError,bench,produce,startBrokers,startGroup,stress,verifyTopic\n',
  );
  writeFileSync(join(folder, 'deep.js'), `await import('${name}/dist/errors.js');`);
  expect(() => run(process.execPath, join(folder, 'deep.js'))).toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
});
