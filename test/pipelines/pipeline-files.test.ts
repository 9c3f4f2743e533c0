import { readFileSync } from 'node:fs';
import { validateAction } from '@action-validator/core';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const action = readFileSync('action.yml', 'utf8');
const page = readFileSync('docs/ci.md', 'utf8');

test('action.yml follows the schema of actions, and every step has a shell', () => {
  expect(validateAction(action)).toEqual({ actionType: 'action', errors: [] });
  const broken = action.replace(/^ +shell: bash\n/m, '');
  expect((validateAction(broken) as { readonly errors: readonly unknown[] }).errors).not.toEqual([]);
});

test('no script of the action contains an expression, which GitHub would paste into it unquoted', () => {
  const { runs } = parse(action) as { readonly runs: { readonly steps: readonly { readonly run: string }[] } };
  expect(runs.steps.filter(({ run }) => run.includes('${{'))).toEqual([]);
});

test('docs/ci.md lists the inputs and outputs of the action with their defaults', () => {
  const { inputs, outputs } = parse(action) as {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly outputs: object;
  };
  const rows = Array.from(page.matchAll(/^\| `([a-z-]+)` +\| (`[^`]*`)? +\| /gm), ([, name, text = '']) => [
    name,
    text,
  ]);
  expect(rows).toEqual(
    Object.entries(inputs).map(([name, { default: value }]) => [name, value === '' ? '' : `\`${value}\``]),
  );
  const names = Array.from(page.matchAll(/^\| `([a-z-]+)` +\| [^|]+\|$/gm), ([, name]) => name);
  expect(names).toEqual(Object.keys(outputs));
});

test('the linter of Dockerfiles finds nothing', () => {
  const file = readFileSync('Dockerfile', 'utf8');
  expect(validate(file)).toEqual([]);
  expect(validate(file.replace('COPY', 'COPPY'))).toHaveLength(1);
});
