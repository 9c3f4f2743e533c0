import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isSupported, pinnedNode } from '../../setup/node-versions.js';
import { cacheThisNode, copySetup, oldVersion, type CopiedSetup } from './copied-setup.ts';

/** Spaces, commas, colons and letters outside ASCII: none may matter. */
const hardName = 'ein Ordner, größer: 世界';

test('supports Node 22, 24, 26 and newer, and pins one of them', () => {
  const supported = ['22.18.0', '22.23.3', '24.3.0', '24.21.0', '26.0.0', '26.12.1', '27.0.0', '30.1.2'];
  const others = ['18.20.8', '20.20.2', '21.7.3', '22.17.9', '23.11.1', '24.2.0', '25.9.0'];
  expect(supported.filter((version) => !isSupported(version))).toEqual([]);
  expect(others.filter((version) => isSupported(version))).toEqual([]);
  expect(isSupported(pinnedNode)).toBe(true);
});

test('the pipelines of docs/ci.md run on the major version that is pinned', () => {
  const [major] = pinnedNode.split('.');
  const text = readFileSync('docs/ci.md', 'utf8');
  expect([...text.matchAll(/(?:node-version: |image: node:)(\d+)/g)].map(([, version]) => version)).toEqual([
    major,
    major,
  ]);
});

/** Prints what the program is started with, and waits for a signal where one is asked for. */
function writeProgram({ root }: CopiedSetup): string {
  const file = join(root, 'program.js');
  const text = `
    process.stdout.write(JSON.stringify({ pid: process.pid, argv0: process.argv0, args: process.argv.slice(2) }) + '\\n');
    if (process.argv[2] === 'wait') setInterval(() => undefined, 1_000);
    else process.exitCode = 7;
  `;
  writeFileSync(file, text);
  return file;
}

test.each(['checkout', hardName])('setup/run hands its process to the program: %s', async (name) => {
  const setup = copySetup(name);
  const cached = cacheThisNode(setup.root, pinnedNode);
  const file = writeProgram(setup);
  const run = join(setup.root, 'setup', 'run');

  const supported = spawnSync(run, [file, 'a b', '*'], {
    encoding: 'utf8',
    env: setup.withPath(dirname(process.execPath)),
  });
  expect(JSON.parse(supported.stdout)).toEqual({ pid: supported.pid, argv0: 'node', args: ['a b', '*'] });
  expect([supported.status, supported.stderr]).toEqual([7, '']);

  const old = spawnSync(run, [file], { encoding: 'utf8', env: setup.withPath(setup.oldNode) });
  expect(JSON.parse(old.stdout)).toEqual({ pid: old.pid, argv0: cached, args: [] });
  expect([old.status, old.stderr]).toEqual([7, '']);

  const waiting = spawn(run, [file, 'wait'], { env: setup.withPath(setup.oldNode) });
  await once(waiting.stdout, 'data');
  waiting.kill('SIGTERM');
  expect(await once(waiting, 'exit')).toEqual([null, 'SIGTERM']);
});

test('main.js on an old Node runs on the cached one, and ends with its exit code', () => {
  const setup = copySetup(hardName);
  cacheThisNode(setup.root, pinnedNode);
  const main = join(setup.root, 'setup', 'main.js');
  const { stdout, status } = spawnSync('node', [main, '--facts'], {
    encoding: 'utf8',
    env: setup.withPath(setup.oldNode),
  });
  const facts = JSON.parse(stdout) as { name: string; present: boolean; found: string }[];
  expect(status).toBe(1);
  expect(facts[0]).toMatchObject({ name: 'Node', present: true });
  expect(facts[0]?.found).toContain(`in PATH is ${oldVersion}, which is not supported`);
  expect(facts.find((fact) => fact.name === 'npm packages')).toMatchObject({ present: false });
});

test('without a supported Node, setup/run fetches one by npm and reports it in one line', () => {
  const setup = copySetup();
  const file = writeProgram(setup);
  // The archive of a package as npm fetches it; it contains the running Node.
  const version = process.versions.node;
  writeFileSync(join(setup.root, '.nvmrc'), `${version}\n`);
  const npm = setup.program(
    'npm',
    `[ "$1" = pack ] || exit 0
     while [ "$1" != --pack-destination ]; do shift; done
     mkdir -p "$2/package/bin" && cp '${process.execPath}' "$2/package/bin/node" && cd "$2" && tar -cf node.tgz package && rm -r package`,
  );
  const run = join(setup.root, 'setup', 'run');
  const env = setup.withPath(npm, setup.oldNode);
  const first = spawnSync(run, [file], { encoding: 'utf8', env });
  expect(first.stderr).toMatch(
    new RegExp(
      `^setup: Node ${oldVersion} is not supported \\(.*\\); fetching Node ${version} for this project … [\\d.]+ s\\n$`,
    ),
  );
  const cached = join(setup.root, '.cache', `node-${version}`, 'bin', 'node');
  expect(JSON.parse(first.stdout)).toMatchObject({ pid: first.pid, argv0: cached });
  const second = spawnSync(run, [file], { encoding: 'utf8', env });
  expect(JSON.parse(second.stdout)).toMatchObject({ argv0: cached });
  expect(second.stderr).toBe('');
});

test('without a supported Node and without npm, prints the reason and a hint', () => {
  const setup = copySetup();
  const npm = setup.program('npm', 'echo no network >&2; exit 1');
  const run = join(setup.root, 'setup', 'run');
  const { stderr, status } = spawnSync(run, ['x.js'], { encoding: 'utf8', env: setup.withPath(npm, setup.oldNode) });
  expect(status).toBe(1);
  expect(stderr).toContain('no network');
  expect(stderr).toMatch(/\nhint: install Node \d+, or check that npm can reach its registry\n$/);
});
