import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documents } from '../support/documents.ts';

function bench(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['bench/main.ts', ...args], { encoding: 'utf8' });
}

function listed(): string[] {
  return Array.from(bench().stdout.matchAll(/^ {2}(\S+) {2,}\S/gm), ([, name = '']) => name);
}

test('without a name, `npm run bench` lists the benchmarks', () => {
  expect(listed()).toContain('peers');
  expect(listed()).toHaveLength(15);
});

test('an unknown name is a usage error, and a known one receives its options', () => {
  expect(bench('scal')).toMatchObject({ status: 2, stdout: '' });
  expect(bench('scal').stderr).toMatch(/^error: unknown benchmark 'scal'\nhint: name one of micro, .*peers\n$/);
  const help = bench('scale', '--help');
  expect(help.status).toBe(0);
  expect(help.stdout).toContain('Usage: bench scale');
});

test('documents name only benchmarks that exist', () => {
  const pattern = /npm run bench -- (?<name>[a-z-]+)/g;
  const named = documents.flatMap((document) =>
    Array.from(readFileSync(document, 'utf8').matchAll(pattern), ({ groups }) => groups?.['name'] ?? ''),
  );
  expect(new Set(named)).toEqual(new Set(listed()));
});
