import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';

const project = join(import.meta.dirname, '..', '..');
let root = '';

/** A project of two small files that is built as ours is. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-'));
  for (const name of ['setup', 'tsconfig.json', 'tsconfig.build.json', 'package.json']) {
    cpSync(join(project, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  mkdirSync(join(root, 'src'));
  write('one.ts', "export const one = 'one';\n");
  write('two.ts', "import { one } from './one.ts';\nexport const two: string = `${one} and two`;\n");
});

const write = (name: string, text: string): void => {
  writeFileSync(join(root, 'src', name), text);
};
const output = (name: string): string => join(root, 'dist', name);

const script = `
  const { steps: [step] } = await import(process.argv[1] + '/setup/build.js');
  if (process.argv[2] === 'run') await step.run();
  process.stdout.write(String(step.done()));
`;
const argumentsOf = (mode: string): string[] => ['--input-type=module', '-e', script, root, mode];

/** Asks the step whether it is done, or runs it first. */
function step(mode: 'ask' | 'run'): { done: boolean; error: string } {
  const { stdout, stderr } = spawnSync(process.execPath, argumentsOf(mode), { encoding: 'utf8' });
  return { done: stdout === 'true', error: stderr };
}

test('is done until a source changes, and leaves no output of a source that is gone', () => {
  expect(step('ask').done).toBe(false);
  expect(step('run')).toEqual({ done: true, error: '' });
  expect(readFileSync(output('two.js'), 'utf8')).toContain('from "./one.js"');
  expect(step('ask').done).toBe(true);

  write('one.ts', "export const one = 'changed';\n");
  expect(step('ask').done).toBe(false);
  step('run');
  expect(readFileSync(output('one.js'), 'utf8')).toContain('changed');

  rmSync(join(root, 'src', 'two.ts'));
  expect(step('ask').done).toBe(false);
  step('run');
  expect(existsSync(output('two.js'))).toBe(false);
  expect(existsSync(output('one.js'))).toBe(true);

  rmSync(join(root, 'dist'), { recursive: true });
  expect(step('ask').done).toBe(false);
  expect(step('run').done).toBe(true);
  expect(existsSync(output('one.js'))).toBe(true);
});

test("a source that does not compile is told in the compiler's words, and is not done", () => {
  write('one.ts', 'export const one: number = "one";\n');
  expect(step('run').error).toContain("src/one.ts(1,14): error TS2322: Type 'string' is not assignable");
  expect(step('ask').done).toBe(false);
  write('one.ts', "export const one = 'one';\n");
  expect(step('run').done).toBe(true);
});

test('one that was cut off at any moment is done anew', async () => {
  step('run');
  for (const delayMs of [100, 400, 800, 1_300]) {
    write('one.ts', `export const one = 'after ${delayMs}';\n`);
    const child = spawn(process.execPath, argumentsOf('run'), { stdio: 'ignore' });
    await sleep(delayMs);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The compiler is a child of its own, which may still be writing; what it writes then is what was asked for.
    if (step('ask').done) expect(readFileSync(output('one.js'), 'utf8')).toContain(`after ${delayMs}`);
  }
  expect(step('run').done).toBe(true);
  expect(readFileSync(output('one.js'), 'utf8')).toContain('after 1300');
});
