import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';

const project = join(import.meta.dirname, '..', '..');
let root = '';

/**
 * The compilers take a second or two of a quiet machine's time, and there are several runs in a
 * test.
 */
vi.setConfig({ testTimeout: 240_000 });

/**
 * A project of two small files, and of what is compiled to WebAssembly, that is built as ours is.
 */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-'));
  for (const name of ['setup', 'src/count/assembly', 'tsconfig.build.json', 'package.json']) {
    cpSync(join(project, name), join(root, name), { recursive: true });
  }
  // Without the types of Node, which take the compiler most of its time.
  const { compilerOptions } = JSON.parse(readFileSync(join(project, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: Record<string, unknown>;
  };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...compilerOptions, types: [] } }));
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
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

test('is done until a source changes, and deletes the output of a deleted source', () => {
  expect(step('ask').done).toBe(false);
  expect(step('run')).toEqual({ done: true, error: '' });
  expect(readFileSync(output('two.js'), 'utf8')).toContain('from "./one.js"');
  expect(step('ask').done).toBe(true);

  write('one.ts', "export const one = 'changed';\n");
  expect(step('ask').done).toBe(false);
  rmSync(join(root, 'src', 'two.ts'));
  step('run');
  expect(readFileSync(output('one.js'), 'utf8')).toContain('changed');
  expect(existsSync(output('two.js'))).toBe(false);
  expect(existsSync(output('one.js'))).toBe(true);

  for (const needed of ['dist', 'src/count/generated']) {
    renameSync(join(root, needed), join(root, 'aside'));
    expect(step('ask').done).toBe(false);
    renameSync(join(root, 'aside'), join(root, needed));
    expect(step('ask').done).toBe(true);
  }
});

test('compiles the part in WebAssembly only when its own sources have changed', () => {
  const compiledAtMs = (): number => statSync(join(root, 'src', 'count', 'generated', 'batch-sums-module.ts')).mtimeMs;
  step('run');
  const firstMs = compiledAtMs();
  write('one.ts', "export const one = 'changed';\n");
  expect(step('run').done).toBe(true);
  expect(compiledAtMs()).toBe(firstMs);
  const source = join('count', 'assembly', 'batch-sums.ts');
  write(source, `${readFileSync(join(root, 'src', source), 'utf8')}\n`);
  expect(step('ask').done).toBe(false);
  expect(step('run').done).toBe(true);
  expect(compiledAtMs()).toBeGreaterThan(firstMs);
});

test('a source that does not compile is reported with the message of the compiler, and is not done', () => {
  write('one.ts', 'export const one: number = "one";\n');
  expect(step('run').error).toContain("src/one.ts(1,14): error TS2322: Type 'string' is not assignable");
  expect(step('ask').done).toBe(false);
  write('one.ts', "export const one = 'one';\n");
  expect(step('run').done).toBe(true);
});

test('a build that was interrupted at any time is done again', async () => {
  step('run');
  for (const delayMs of [200, 700, 1_300]) {
    write('one.ts', `export const one = 'after ${delayMs}';\n`);
    const child = spawn(process.execPath, argumentsOf('run'), { stdio: 'ignore' });
    // A fast machine has built before the kill.
    const exited = once(child, 'exit');
    await sleep(delayMs);
    child.kill('SIGKILL');
    await exited;
    // The compiler is a separate child, which may still be writing what was requested.
    if (step('ask').done) expect(readFileSync(output('one.js'), 'utf8')).toContain(`after ${delayMs}`);
  }
  expect(step('run').done).toBe(true);
  expect(readFileSync(output('one.js'), 'utf8')).toContain('after 1300');
});
