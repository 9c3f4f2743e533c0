import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { spawnForTest } from '../support/spawned.ts';
import { BareRoot, singleFile } from './bare-root.ts';
import { runFile } from './run-file.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const versionLine = { code: 0, stdout: `${version}\n`, stderr: '' };

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'single-file-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Names in a cache folder, without the lock. */
function versionsIn(cache: string): string[] {
  return readdirSync(cache).filter((name) => name !== 'lock');
}

function copyOfFile(): string {
  const copy = join(newFolder(), 'consumer-cluster');
  copyFileSync(singleFile(), copy);
  return copy;
}

test('two first starts at once unpack one version', async () => {
  const cache = newFolder();
  const starts = Array.from({ length: 3 }, () => runFile(['--cache-dir', cache, '--version']));
  expect(await Promise.all(starts)).toEqual([versionLine, versionLine, versionLine]);
  expect(versionsIn(cache)).toHaveLength(1);
});

/** Number of unpackings in a cache that have begun and not ended. */
function partsIn(cache: string): number {
  const hasFiles = (name: string): boolean => {
    try {
      return readdirSync(join(cache, name)).length > 0;
    } catch {
      // Unpacked and renamed meanwhile.
      return false;
    }
  };
  return versionsIn(cache).filter((name) => name.endsWith('.part') && hasFiles(name)).length;
}

/**
 * A cache folder whose unpacking was ended by kill -9. It takes less than a second: on a busy machine
 * it may be over before this process sees it, and then another one is tried.
 */
async function killedWhileUnpacking(): Promise<string> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const cache = newFolder();
    const child = spawnForTest(singleFile(), ['--version'], { env: { CONSUMER_CLUSTER_CACHE_DIR: cache } });
    const exited = once(child, 'exit');
    await eventually(
      'a version is being unpacked, or the program has ended',
      () => child.exitCode !== null || partsIn(cache) === 1,
    );
    child.kill('SIGKILL');
    await exited;
    if (partsIn(cache) === 1) return cache;
  }
  throw new Error('each unpacking had ended before the kill');
}

test('a start after kill -9 during the unpacking works, and removes what was left', async () => {
  const cache = await killedWhileUnpacking();
  expect(await runFile(['--version', `--cache-dir=${cache}`])).toEqual(versionLine);
  expect(versionsIn(cache).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a file that is missing or shorter in the cache is unpacked again', async () => {
  const cache = newFolder();
  await runFile(['--cache-dir', cache, '--version']);
  const [name = ''] = versionsIn(cache);
  rmSync(join(cache, name, 'dist', 'main.js'));
  truncateSync(join(cache, name, 'bin', 'node'), 1_000);
  expect(await runFile(['--cache-dir', cache, '--version'])).toEqual(versionLine);
  expect(versionsIn(cache)).toEqual([name]);
});

test('a damaged or incomplete file says so and leaves nothing', async () => {
  const cache = newFolder();
  const hint = 'hint: download it again, and compare it with SHA256SUMS\n';
  const short = copyOfFile();
  truncateSync(short, statSync(short).size - 1_000);
  expect(await runFile(['--cache-dir', cache, '--version'], { file: short })).toEqual({
    ...{ code: 1, stdout: '', stderr: `error: ${short} is incomplete\n${hint}` },
  });
  const damaged = copyOfFile();
  const bytes = readFileSync(damaged);
  const place = Math.floor(bytes.length * 0.7);
  bytes[place] = (bytes[place] ?? 0) ^ 0xff;
  writeFileSync(damaged, bytes);
  const outcome = await runFile(['--cache-dir', cache, '--version'], { file: damaged });
  expect(outcome).toMatchObject({ code: 1, stdout: '' });
  expect(outcome.stderr).toMatch(/^error: this file is damaged: .+\nhint: /);
  expect(await runFile(['--cache-dir', cache, '--version'])).toEqual(versionLine);
  expect(versionsIn(cache)).toHaveLength(1);
});

test('old versions are removed when no process uses them', async () => {
  const cache = newFolder();
  const old = (digit: string, minutes: number): string => {
    const folder = join(cache, digit.repeat(32));
    mkdirSync(folder);
    const used = join(folder, '.in-use');
    writeFileSync(used, '');
    utimesSync(used, Date.now() / 1_000 - minutes * 60, Date.now() / 1_000 - minutes * 60);
    return folder;
  };
  const [unused, recent, running] = [old('a', 120), old('b', 5), old('c', 120)];
  const sleep = join(running, 'sleep');
  copyFileSync('/bin/sleep', sleep);
  chmodSync(sleep, 0o755);
  const child = spawnForTest(sleep, ['600'], {});
  await once(child, 'spawn');
  const locked = old('d', 120);
  const holder = spawn('flock', ['--shared', join(locked, '.in-use'), 'cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => {
    holder.stdin.end();
  });
  holder.stdin.write('locked');
  await once(holder.stdout, 'data');

  expect(await runFile(['--cache-dir', cache, '--version'])).toEqual(versionLine);
  expect([unused, recent, running, locked].map((folder) => existsSync(folder))).toEqual([false, true, true, true]);
});

test('a full disk ends the start with one error and a hint, and leaves nothing on it', async () => {
  const root = new BareRoot();
  const mounts = 'mount -t tmpfs -o size=64m none $root/root';
  const outcome = await root.run(['--version'], { mounts });
  expect(outcome).toMatchObject({ code: 1, stdout: '' });
  expect(outcome.stderr).toMatch(
    /^error: no space to unpack the program in \/root\/\.cache\/consumer-cluster: it needs \d{3} MiB\nhint: .*--cache-dir DIR.*\n$/,
  );
  const space = `${mounts}; mkdir $root/space; mount -t tmpfs -o size=600m none $root/space`;
  expect(await root.run(['--cache-dir', '/space', '--version'], { mounts: space })).toEqual(versionLine);
});

test.each([
  ['a read-only home', 'mount --bind $root/root $root/root; mount -o remount,bind,ro $root/root', { HOME: '/root' }, 0],
  ['a home on which no program may run', 'mount -t tmpfs -o noexec none $root/root', { HOME: '/root' }, 0],
  ['a home that does not exist', '', { HOME: '/missing' }, 0],
  ["another user's home", '', { HOME: '/root' }, 1234],
  ['no HOME', '', {}, 1234],
])('with %s the program is kept in a private folder for temporary files', async (_, mounts, env, user) => {
  const root = new BareRoot();
  expect(await root.run(['--version'], { mounts, env, user })).toEqual(versionLine);
  const folder = join(root.folder, 'tmp', `consumer-cluster-cache-${user}`);
  expect(statSync(folder)).toMatchObject({ uid: user, mode: 0o40700 });
  expect(readdirSync(join(root.folder, 'root'))).toEqual([]);
});

test("another user's folder for temporary files is refused", async () => {
  const root = new BareRoot();
  mkdirSync(join(root.folder, 'tmp', 'consumer-cluster-cache-1234'));
  appendFileSync(join(root.folder, 'tmp', 'consumer-cluster-cache-1234', 'lock'), '');
  expect(await root.run(['--version'], { env: {}, user: 1234 })).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'error: /tmp/consumer-cluster-cache-1234 belongs to another user\nhint: pass --cache-dir DIR with a folder of your own\n',
  });
});
