import { once } from 'node:events';
import { mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identify } from '../../src/brokers/process-identity.ts';
import { spawnTied } from '../../src/brokers/tied-process.ts';
import { eventually } from '../support/eventually.ts';
import { spawnForTest } from '../support/spawned.ts';

const fixture = join(import.meta.dirname, '..', 'fixtures', 'brokers', 'tie.js');

/** A PATH with everything but setpriv, as on a system that has none. */
function pathWithoutSetpriv(): string {
  const folder = mkdtempSync(join(tmpdir(), 'no-setpriv-'));
  for (const name of readdirSync('/usr/bin')) {
    if (name !== 'setpriv') symlinkSync(join('/usr/bin', name), join(folder, name));
  }
  return folder;
}

test.each([
  ['the kernel', (): string => process.env['PATH'] ?? ''],
  ['a watchdog where setpriv is missing', pathWithoutSetpriv],
])('kill -9 of the parent ends the child, by %s', async (_, path) => {
  const parent = spawnForTest(process.execPath, [fixture], { env: { ...process.env, PATH: path() } });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(identify(pid)).toBeDefined();
  parent.kill('SIGKILL');
  await eventually('the child is gone', () => identify(pid) === undefined);
});

test('reports how the process ended, and runs it in a separate session', async () => {
  const ownSession = `
    const [pid, , , , , session] = require('node:fs').readFileSync('/proc/self/stat', 'utf8').split(' ');
    process.exit(session === pid ? 7 : 1);
  `;
  const child = await spawnTied([process.execPath, '-e', ownSession], '/dev/null');
  expect(await child.ended).toBe('exit code 7');
  expect(child.isRunning()).toBe(false);
  const killed = await spawnTied(['sleep', '60'], '/dev/null');
  killed.signal('SIGKILL');
  expect(await killed.ended).toBe('signal SIGKILL');
});

test('a missing program ends with its exit code, not in a hang', async () => {
  const child = await spawnTied(['/nowhere/java'], '/dev/null');
  expect(await child.ended).toMatch(/^exit code (126|127)$/);
});
