import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClusterError } from '../../src/errors.ts';
import { Outputs } from '../../src/output/outputs.ts';
import { spawnForTest } from '../support/spawned.ts';

let folder = '';
let warned: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outputs-'));
  warned = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const context = {
  write: () => Promise.resolve(),
  log: () => undefined,
  warn: (line: string) => {
    warned.push(line);
  },
};
const inFolder = (...names: string[]): string => join(folder, ...names);

async function writeTo(path: string, content = 'new'): Promise<void> {
  const outputs = new Outputs(context);
  const output = await outputs.plan('--json', path);
  await output?.write(() => [content]);
  outputs.conclude();
}

test('a new file appears whole, and nothing else beside it', async () => {
  await writeTo(inFolder('a.json'));
  expect(readFileSync(inFolder('a.json'), 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['a.json']);
});

test('a replaced file keeps its mode, and symbolic links stay, also those without a target', async () => {
  writeFileSync(inFolder('a.json'), 'old');
  chmodSync(inFolder('a.json'), 0o640);
  symlinkSync('a.json', inFolder('link'));
  symlinkSync('made.json', inFolder('dangling'));
  await writeTo(inFolder('link'));
  await writeTo(inFolder('dangling'));
  expect(lstatSync(inFolder('link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(inFolder('a.json'), 'utf8')).toBe('new');
  expect(statSync(inFolder('a.json')).mode & 0o777).toBe(0o640);
  expect(readFileSync(inFolder('made.json'), 'utf8')).toBe('new');
});

test('all names of a file have what is written to one of them', async () => {
  writeFileSync(inFolder('a.json'), 'old');
  linkSync(inFolder('a.json'), inFolder('b.json'));
  await writeTo(inFolder('a.json'));
  expect(readFileSync(inFolder('b.json'), 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['a.json', 'b.json']);
});

test('devices are kept, and one may be named twice', async () => {
  const outputs = new Outputs(context);
  const planned = [await outputs.plan('--json', '/dev/null'), await outputs.plan('--csv', '/dev/null')];
  for (const output of planned) await output?.write(() => ['gone']);
  outputs.conclude();
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('a named pipe is written to its reader, and stays', async () => {
  execFileSync('bash', ['-c', 'mkfifo "$1"', 'bash', inFolder('pipe')]);
  const reader = spawnForTest('cat', [inFolder('pipe')]);
  const read = text(reader.stdout);
  await writeTo(inFolder('pipe'), 'through the pipe');
  expect(await read).toBe('through the pipe');
  expect(statSync(inFolder('pipe')).isFIFO()).toBe(true);
});

test.each([
  ['a folder', () => folder, 'it is a folder'],
  ['the name of a folder', () => inFolder('new/'), 'it is a folder'],
  ['a file in no folder', () => inFolder('no', 'such', 'a.json'), 'no such file or directory'],
  ['a file in a file', () => join('/etc/hostname', 'a.json'), 'not a directory'],
  ['links in a circle', () => inFolder('circle'), 'too many symbolic links'],
  ['a descriptor that is not open', () => '/dev/fd/987', 'bad file descriptor'],
])('%s is refused before the work begins', async (_, path, reason) => {
  symlinkSync('circle', inFolder('circle'));
  const refused = await new Outputs(context).plan('--html', path()).then(
    () => undefined,
    (error: unknown) => error as ClusterError,
  );
  expect(refused).toBeInstanceOf(ClusterError);
  expect(refused?.message).toContain(`can't write ${path()} (--html): ${reason}`);
});

test('rejects one file as two outputs, or as output and input, by any of its names', async () => {
  writeFileSync(inFolder('a.json'), 'kept');
  mkdirSync(inFolder('sub'));
  symlinkSync('../a.json', inFolder('sub', 'link'));
  const outputs = new Outputs(context);
  await outputs.plan('--html', inFolder('sub', '..', 'new.html'));
  await expect(outputs.plan('--json', inFolder('new.html'))).rejects.toThrow('--json and --html name the same file');
  outputs.protect('--history', inFolder('a.json'));
  const link = inFolder('sub', 'link');
  await expect(outputs.plan('--json', link)).rejects.toThrow(`--json names the input file of --history, ${link}`);
  const argument = inFolder('b.json');
  writeFileSync(argument, 'kept');
  outputs.protect(undefined, argument);
  await expect(outputs.plan('--html', argument)).rejects.toThrow(`--html names the input file, ${argument}`);
  await outputs.plan('--json', '-');
  await expect(outputs.plan('--csv', '/dev/stdout')).rejects.toThrow('--csv and --json name the same file');
});

test('an output that fails is kept in another folder and reported, and does not affect other outputs or the verdict', async () => {
  const outputs = new Outputs(context);
  const [full, gone, fine] = [
    await outputs.plan('--json', '/dev/full'),
    await outputs.plan('--csv', inFolder('sub.csv')),
    await outputs.plan('--html', join(folder, 'fine.html')),
  ];
  mkdirSync(inFolder('sub.csv'));
  for (const output of [full, gone, fine]) await output?.write(() => [`of ${output.flag}`]);
  expect(readFileSync(inFolder('fine.html'), 'utf8')).toBe('of --html');
  expect(warned).toHaveLength(2);
  expect(warned[0]).toContain("can't write /dev/full (--json): no space left on device");
  for (const [index, flag] of ['--json', '--csv'].entries()) {
    const [, kept = ''] = /saved as (.*) instead$/.exec(warned[index] ?? '') ?? [];
    expect(readFileSync(kept, 'utf8')).toBe(`of ${flag}`);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    rmSync(kept);
  }
  expect(() => {
    outputs.conclude();
  }).toThrow('2 outputs could not be written');
  const verdict = new ClusterError('verificationFailed', 'a verdict');
  expect(() => {
    outputs.conclude(verdict);
  }).toThrow(verdict);
});

test('a mounted file, which cannot be replaced, is overwritten', async () => {
  const script = `
    import { Outputs } from './src/output/outputs.ts';
    const outputs = new Outputs({ write: async () => {}, log: () => {}, warn: console.error });
    const output = await outputs.plan('--json', process.argv[1]);
    await output.write(() => ['new']);
    outputs.conclude();`;
  writeFileSync(inFolder('source.json'), 'old, and longer');
  writeFileSync(inFolder('mounted.json'), '');
  // A mount in a separate namespace, if this user may create one.
  const command = 'mount --bind "$1" "$2" && exec "$3" --input-type=module -e "$4" "$2"';
  const args = [inFolder('source.json'), inFolder('mounted.json'), process.execPath, script];
  const inNameSpace = 'exec unshare --mount --map-root-user sh -c "$@"';
  const child = spawnForTest('sh', ['-c', inNameSpace, 'sh', command, 'sh', ...args]);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close') as Promise<[number]>]);
  if (/unshare|mount/.test(stderr) && code !== 0) return;
  expect({ stderr, code }).toMatchObject({ code: 0 });
  expect(readFileSync(inFolder('source.json'), 'utf8')).toBe('new');
  expect(existsSync(inFolder('mounted.json'))).toBe(true);
});
