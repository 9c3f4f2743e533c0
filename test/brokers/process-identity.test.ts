import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identify, isAlive } from '../../src/brokers/process-identity.ts';
import { eventually } from '../support/eventually.ts';
import { spawnForTest } from '../support/spawned.ts';

test('identifies a process until it ends, and never a later one with its pid', async () => {
  const child = spawnForTest('sleep', ['60']);
  await once(child, 'spawn');
  const identity = identify(child.pid ?? 0);
  if (identity === undefined) throw new Error('no identity of a running process');
  expect(isAlive(identity)).toBe(true);
  expect(isAlive({ ...identity, startTicks: identity.startTicks + 1 })).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(identity)).toBe(false);
});

test('reads names with spaces and parentheses', async () => {
  const child = spawnForTest('bash', ['-c', 'exec -a ") S 0 (" sleep 60; :'], { argv0: 'a) b' });
  await once(child, 'spawn');
  expect(identify(child.pid ?? 0)?.startTicks).toBeGreaterThan(identify(1)?.startTicks ?? Infinity);
  child.kill('SIGKILL');
  await once(child, 'exit');
});

test('a zombie process counts as ended', async () => {
  // The shell never waits for its child, which stays a zombie as long as the shell sleeps.
  const shell = spawnForTest('sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 60']);
  const [line] = (await once(shell.stdout, 'data')) as [Buffer];
  await eventually('the child is a zombie', () => identify(Number(line.toString())) === undefined);
  shell.kill('SIGKILL');
});
