import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';

const setup = join(import.meta.dirname, '..', '..', 'setup');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'download-'));
});

const attempts = (): number => readFileSync(join(folder, 'attempts'), 'utf8').length;

/** Runs a program of the shell as a download, in another process, which prints the outcome. */
function argumentsOf(program: string, script: string, options: Readonly<Record<string, unknown>>): string[] {
  const counted = `printf x >>'${join(folder, 'attempts')}'\n${script}`;
  const code = `
    const { runDownload } = await import(process.argv[1] + '/download.js');
    const { endWithSignals } = await import(process.argv[1] + '/ending.js');
    endWithSignals();
    const [program, script, options] = process.argv.slice(2);
    await runDownload(program, ['-c', script], JSON.parse(options)).then(
      (output) => process.stdout.write(output),
      ({ message }) => process.stdout.write('error: ' + message),
    );
    process.exit(0);
  `;
  const all = { name: 'npm ci', pausesMs: [20, 40], ...options };
  return ['--input-type=module', '-e', code, setup, program, counted, JSON.stringify(all)];
}

function download(script: string, options: Readonly<Record<string, unknown>> = {}, program = 'sh') {
  const { stdout, stderr } = spawnSync(process.execPath, argumentsOf(program, script, options), { encoding: 'utf8' });
  return { stdout, stderr };
}

/** A script that fails until its third attempt. */
const failsTwice = (failure: string): string =>
  `if [ $(wc -c <"${join(folder, 'attempts')}") -lt 3 ]; then ${failure}; exit 1; fi; echo done`;

test('a download that fails twice is repeated, and each repetition names the reason', () => {
  const failure = 'echo "npm error code ECONNRESET" >&2; echo "npm error network aborted" >&2';
  const { stdout, stderr } = download(failsTwice(failure));
  expect(stdout).toBe('done\n');
  expect(stderr.split('\n').filter((line) => line !== '')).toEqual([
    '  npm ci failed (ECONNRESET); trying again in 0.02 s',
    '  npm ci failed (ECONNRESET); trying again in 0.04 s',
  ]);
});

test('the third failure is the error', () => {
  const { stdout } = download('echo "npm error code ECONNRESET attempt $(wc -c <attempts)" >&2; exit 7', {
    cwd: folder,
  });
  expect(attempts()).toBe(3);
  expect(stdout).toContain('failed (exit code 7):\n  npm error code ECONNRESET attempt 3');
});

test('each attempt begins with an empty folder', () => {
  const target = join(folder, 'target');
  const script = `cd '${target}' && ls && touch part-$$ && ${failsTwice('true')}`;
  expect(download(script, { emptyFolder: target }).stdout).toBe('done\n');
  expect(attempts()).toBe(3);
  expect(readdirSync(target)).toHaveLength(1);
});

const maven =
  '[ERROR] Failed to execute goal on project managed-brokers: Could not resolve dependencies for project x:1';

const noVersion = 'ERROR: Could not find a version that satisfies the requirement';
const noDistribution = 'ERROR: No matching distribution found for a==2';

test.each([
  ['npm', 'npm ERR! code E503\nnpm ERR! 503 Service Unavailable', 'E503'],
  [
    'Maven',
    `${maven}: Could not transfer artifact a:b:jar:1 from/to central (https://r): Connection reset -> [Help 1]\n[ERROR] `,
    'Connection reset',
  ],
  [
    'Maven, with the lengths of a file',
    `${maven}: GET request of a.pom from central failed: Premature end (expected: 1,000; received: 1) -> [Help 1]`,
    'Premature end (expected: 1,000; received: 1)',
  ],
  [
    'pip',
    "x.ReadTimeoutError: Pool(host='f', port=443): Read timed out.\n\n",
    "x.ReadTimeoutError: Pool(host='f', port=443): Read timed out.",
  ],
  ['pip without its index', `${noVersion} a==2 (from versions: none)\n${noDistribution}`, noDistribution],
  ['a program that prints nothing', '', 'no message'],
])('repeats %s after a failure that may pass', (_, output, reason) => {
  writeFileSync(join(folder, 'output'), output);
  const { stderr } = download(`cat '${join(folder, 'output')}' >&2; exit 1`);
  expect(attempts()).toBe(3);
  expect(stderr).toContain(`npm ci failed (${reason}); trying again in 0.02 s`);
});

test.each([
  ['E404 of npm', 'npm error code E404\nnpm error 404 Not Found'],
  ['ETARGET of an older npm', 'npm ERR! code ETARGET\nnpm ERR! notarget No matching version found'],
  ['EUSAGE with a long list', `npm error code EUSAGE\n${'npm error Missing: a package from lock file\n'.repeat(30)}`],
  ['a missing artifact', `${maven}: Could not find artifact a:b:jar:9.99.9 in central (https://r) -> [Help 1]`],
  ['a missing version', `${noVersion} a==2 (from versions: 1.0, 1.1)\n${noDistribution}`],
])('does not repeat after a failure that would be the same again: %s', (_, output) => {
  writeFileSync(join(folder, 'output'), output);
  const { stdout, stderr } = download(`cat '${join(folder, 'output')}' >&2; exit 1`);
  expect(attempts()).toBe(1);
  expect(stdout).toContain('failed (exit code 1):\n');
  expect(stderr).toBe('');
});

test('does not repeat a program that its time limit has ended, or that cannot be started', () => {
  const { stdout, stderr } = download('sleep 1000', { timeoutMs: 300 });
  expect({ stderr, attempts: attempts() }).toEqual({ stderr: '', attempts: 1 });
  expect(stdout).toContain('failed (SIGKILL)');
  const missing = download('true', {}, '/no/such/program');
  expect(missing).toEqual({ stdout: 'error: /no/such/program could not be started (ENOENT)', stderr: '' });
});

test('a signal ends the pause before a repetition', async () => {
  const child = spawn(process.execPath, argumentsOf('sh', 'exit 1', { pausesMs: [600_000] }), { stdio: 'pipe' });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  while (!stderr.includes('trying again in 600 s')) await sleep(20);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  expect(existsSync(join(folder, 'attempts')) && attempts()).toBe(1);
});
