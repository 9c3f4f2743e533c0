import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { spawnForTest } from '../support/spawned.ts';

const fixture = join(import.meta.dirname, '..', 'fixtures', 'setup', 'lock-holder.js');

/** A process that wants the lock, and the lines that it says. */
function contend(mode: 'hold' | 'release'): { process: ChildProcess; nextLine(): Promise<string> } {
  const child = spawnForTest(process.execPath, [fixture, mode]);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { process: child, nextLine: async () => String((await lines.next()).value) };
}

test('has one holder at a time, and a killed holder releases it', async () => {
  const first = contend('hold');
  expect(await first.nextLine()).toBe('locked');
  const second = contend('hold');
  const third = contend('hold');
  expect(await second.nextLine()).toBe('waiting');
  expect(await third.nextLine()).toBe('waiting');
  first.process.kill('SIGKILL');
  const next = await Promise.race([
    second.nextLine().then((line) => ({ line, holder: second, other: third })),
    third.nextLine().then((line) => ({ line, holder: third, other: second })),
  ]);
  expect(next.line).toBe('locked');
  next.holder.process.kill('SIGKILL');
  next.other.process.kill('SIGKILL');
});

test('a holder that releases the lock ends, and the next one acquires it', async () => {
  for (let round = 0; round < 2; round += 1) {
    const holder = contend('release');
    const exited = once(holder.process, 'exit');
    expect(await holder.nextLine()).toBe('locked');
    expect(await exited).toEqual([0, null]);
  }
});
