import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../../src/seeded-random.ts';
import { sampleBench } from '../results/compare/sample-benches.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'streams-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const random = seededRandom(1);
const reports = {
  good: sampleBench({ noise: 0.01, random }),
  slow: sampleBench({ noise: 0.01, factor: 0.8, random }),
  noisy: sampleBench({ noise: 0.01, random, repetitions: 1 }),
  wrong: sampleReport([sampleRun(1, 1, { verified: false })]),
};
for (const [name, report] of Object.entries(reports)) writeFileSync(join(folder, name), JSON.stringify(report));

/**
 * A line of bash in a folder with the reports; `cli` is the program, and the exit code that of the
 * line.
 */
function shell(line: string): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const cli = `cli() { "${process.execPath}" "${join(process.cwd(), 'dist/cli.js')}" "$@"; }`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${cli}\n${line}`], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, GITHUB_STEP_SUMMARY: '' },
  });
  return { code: status, stdout, stderr };
}

test.each([
  ['report wrong', 3],
  ['compare good slow', 4],
  ['compare good noisy', 5],
  ['compare good wrong', 3],
  ['report good', 0],
  ['compare good good', 0],
])('a reader that closes the pipe does not change what %s ends with: %i', (command, code) => {
  expect(shell(`cli ${command} | true; exit \${PIPESTATUS[0]}`)).toMatchObject({ code });
  expect(shell(`cli ${command} 2>&1 >/dev/null | true; exit \${PIPESTATUS[0]}`)).toMatchObject({ code });
});

test('a full device is an error that does not hide a verdict', () => {
  const full = shell('cli report good > /dev/full');
  expect(full).toMatchObject({ code: 1 });
  expect(full.stderr).toContain("error: can't write to standard output: no space left on device");
  expect(shell('cli report wrong > /dev/full')).toMatchObject({ code: 3 });
  expect(shell('cli report good --markdown full.md > /dev/full 2> /dev/full')).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'full.md'))).toBe(true);
});

test.each(['>&-', '2>&-', '>&- 2>&-', '2>&1 | true'])('writes every file with %s', (streams) => {
  rmSync(join(folder, 'closed.md'), { force: true });
  const { code } = shell(`cli report good --markdown closed.md --csv closed.csv ${streams}; exit \${PIPESTATUS[0]}`);
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'closed.md'), 'utf8')).toContain('records');
});

test('writes to standard output by its other names, a process substitution and a descriptor', () => {
  const json = shell('cli compare good good --json /dev/stdout');
  expect(JSON.parse(json.stdout)).toMatchObject({ verdict: 'passed' });
  const twice = shell('cli compare good good --json >(cat > substituted) > table; wait $!; cat substituted');
  expect(JSON.parse(twice.stdout)).toMatchObject({ verdict: 'passed' });
  const descriptor = shell('cli compare good good --json /dev/fd/7 7> seventh > table; cat seventh');
  expect(JSON.parse(descriptor.stdout)).toMatchObject({ verdict: 'passed' });
  expect(shell('cli report good --markdown /dev/null --csv /dev/null')).toMatchObject({ code: 0 });
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('rejects an output to a file that is read or is standard output, before anything is written', () => {
  const before = readFileSync(join(folder, 'good'), 'utf8');
  for (const line of ['compare good slow --json good', 'report good --csv good', 'report good --csv out > out']) {
    expect(shell(`cli ${line}`)).toMatchObject({ code: 2 });
  }
  expect(readFileSync(join(folder, 'good'), 'utf8')).toBe(before);
});

test('an output that fails late does not affect the others', () => {
  const { code, stderr } = shell('cli report good --markdown /dev/full --csv late.csv');
  expect(code).toBe(1);
  const [, kept = ''] = /saved as (.*) instead$/m.exec(stderr) ?? [];
  expect(readFileSync(kept, 'utf8')).toContain('records');
  expect(existsSync(join(folder, 'late.csv'))).toBe(true);
  rmSync(kept);
});
