import { join } from 'node:path';
import { expect, test } from 'vitest';
import { identify } from '../../src/brokers/process-identity.ts';
import { eventually } from './eventually.ts';
import { spawnForTest, untilOutput } from './spawned.ts';

const killedRun = join(import.meta.dirname, '..', 'fixtures', 'support', 'killed-run.js');

test('a program that a test has started ends when the test run is killed', async () => {
  const run = spawnForTest(process.execPath, [killedRun]);
  const output = await untilOutput(run.stdout, /started \d+\./);
  const pid = Number(/started (\d+)\./.exec(output)?.[1]);
  expect(identify(pid)).toBeDefined();
  run.kill('SIGKILL');
  await eventually('the program is gone', () => identify(pid) === undefined);
});

test('reports how a program ends, and that it does not exist', async () => {
  const failing = spawnForTest(process.execPath, ['-e', 'process.exit(7)']);
  const missing = spawnForTest('/nowhere/program', []);
  const codeOf = (child: typeof failing): Promise<number> => new Promise((resolve) => child.once('exit', resolve));
  expect(await Promise.all([codeOf(failing), codeOf(missing)])).toEqual([7, 127]);
});
