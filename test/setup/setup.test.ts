import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, '..', '..', 'setup', 'main.js');

function run(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { stdout, stderr, status };
}

test('prints the facts as JSON, each with a hint', () => {
  const { stdout, status } = run('--facts');
  const facts = JSON.parse(stdout) as { name: string; present: boolean; hint: string }[];
  expect(status).toBe(0);
  expect(facts.filter(({ present }) => !present)).toEqual([]);
  expect(facts.every(({ hint }) => hint.length > 0)).toBe(true);
  expect(new Set(facts.map(({ name }) => name)).size).toBe(facts.length);
});

test('prints and does nothing when everything is done', () => {
  // Else it would set to work here, instead of being looked at.
  expect(run('--facts').status).toBe(0);
  // How long that takes is measured by `npm run bench -- start-up`.
  expect(run()).toEqual({ stdout: '', stderr: '', status: 0 });
});
