import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { copySetup, type CopiedSetup } from './copied-setup.ts';

const project = join(import.meta.dirname, '..', '..');

/** An npm that starts a process and works until it is ended. `pids` holds both. */
function busyNpm(setup: CopiedSetup): { readonly folder: string; readonly pids: string } {
  const pids = join(dirname(setup.root), 'pids');
  const script = `sleep 1000 &\necho $$ $! >'${pids}.part'\nmv '${pids}.part' '${pids}'\nwait`;
  return { pids, folder: setup.program('npm', script) };
}

/** A copy whose first missing step is the npm packages. */
function prepared(): CopiedSetup {
  const setup = copySetup();
  mkdirSync(join(setup.root, '.cache'));
  symlinkSync(join(project, '.cache', 'client'), join(setup.root, '.cache', 'client'));
  return setup;
}

async function pidsIn(file: string): Promise<number[]> {
  while (!existsSync(file)) await sleep(20);
  return readFileSync(file, 'utf8').trim().split(' ').map(Number);
}

function isAlive(pid: number): boolean {
  try {
    // A zombie whose parent has not collected it yet is not alive.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** The kernel needs some time to end a process after SIGKILL. */
async function allEnded(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(20);
}

function linesOf(child: ChildProcess): { text: string } {
  const lines = { text: '' };
  child.stderr?.on('data', (chunk: Buffer) => (lines.text += chunk.toString()));
  return lines;
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the set-up and everything that it started',
  async (signal) => {
    const setup = prepared();
    const npm = busyNpm(setup);
    const main = join(setup.root, 'setup', 'main.js');
    const child = spawn(process.execPath, [main], {
      env: setup.withPath(npm.folder),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const lines = linesOf(child);
    const pids = await pidsIn(npm.pids);
    expect(pids.map(isAlive)).toEqual([true, true]);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([null, signal]);
    await allEnded(pids);
    expect(lines.text).toBe('setup: npm packages …\n');
  },
);

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends setup/run while it fetches Node', async (signal) => {
  const setup = prepared();
  const npm = busyNpm(setup);
  const run = join(setup.root, 'setup', 'run');
  const child = spawn(run, ['x.js'], { env: setup.withPath(npm.folder, setup.oldNode), stdio: 'ignore' });
  const pids = await pidsIn(npm.pids);
  child.kill(signal);
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBeGreaterThan(128);
  await allEnded(pids);
});

test('a second set-up waits for the first, and does what is still missing', async () => {
  const setup = prepared();
  const npm = busyNpm(setup);
  const main = join(setup.root, 'setup', 'main.js');
  const start = (): ChildProcess =>
    spawn(process.execPath, [main], { env: setup.withPath(npm.folder), stdio: ['ignore', 'ignore', 'pipe'] });
  const first = start();
  const [npmOfFirst] = await pidsIn(npm.pids);
  const second = start();
  const lines = linesOf(second);
  while (!lines.text.includes('\n')) await sleep(20);
  expect(lines.text).toBe('setup: waiting for another setup process in this folder\n');
  expect(await pidsIn(npm.pids)).toContain(npmOfFirst);
  first.kill('SIGTERM');
  await once(first, 'exit');
  while (!lines.text.endsWith('setup: npm packages …')) await sleep(20);
  while ((await pidsIn(npm.pids))[0] === npmOfFirst) await sleep(20);
  second.kill('SIGTERM');
  expect(await once(second, 'exit')).toEqual([null, 'SIGTERM']);
});
