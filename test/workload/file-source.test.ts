import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ClusterError } from '../../src/errors.ts';
import { cutFiles, linesBeginningIn } from '../../src/workload/file-lines.ts';
import { FileSource } from '../../src/workload/file-source.ts';
import { findInputFiles } from '../../src/workload/input-files.ts';
import { takeRecords } from './naive.ts';

const folder = mkdtempSync(join(tmpdir(), 'input-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** The lines of a file, by another definition. */
function linesOf(content: string): string[] {
  const lines = content.replaceAll('\r\n', '\n').split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

async function read(paths: string[], recordsMax: number, repeat: boolean): Promise<string[]> {
  const source = new FileSource(await findInputFiles(paths), { repeat });
  const records = await takeRecords(source, recordsMax, { partitions: 2, records: 3, bytes: 16 });
  return records.map((record) => record.toString('latin1'));
}

const content = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\r', '\r\n', '\n\n', '\xe9'), maxLength: 60 });

test('records are the lines of the files, with any line ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(content, { minLength: 1, maxLength: 4 }), async (contents) => {
      fc.pre(contents.some((text) => text !== ''));
      const paths = contents.map((text, index) => write(`lines-${index}.txt`, Buffer.from(text, 'latin1')));
      const expected = contents.flatMap(linesOf);
      expect(await read(paths, 1_000, false)).toEqual(expected);
      const repeated = Array.from({ length: 2 * expected.length + 1 }, (_, index) => expected[index % expected.length]);
      expect(await read(paths, repeated.length, true)).toEqual(repeated);
    }),
    { numRuns: 200 },
  );
});

test('the reference reads the same lines, wherever the files are divided', () => {
  fc.assert(
    fc.property(
      fc.array(content, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 7 }),
      (contents, parts) => {
        const files = contents.map((text, index) => {
          const bytes = Buffer.from(text, 'latin1');
          return { path: write(`cut-${index}.txt`, bytes), sizeBytes: bytes.length };
        });
        const lines = cutFiles(files, parts).flatMap((ranges) =>
          ranges.flatMap((range) => [...linesBeginningIn(range)].map((line) => Buffer.from(line).toString('latin1'))),
        );
        expect(lines).toEqual(contents.flatMap(linesOf));
      },
    ),
    { numRuns: 200 },
  );
});

test('both readers return lines longer than a chunk as a whole', async () => {
  const long = `${'x'.repeat(3_000_000)}\r\n${'y'.repeat(1_048_576)}\n\nz${'w'.repeat(1_048_575)}`;
  const path = write('long.txt', long);
  const expected = linesOf(long);
  expect(await read([path], 10, false)).toEqual(expected);
  const ranges = cutFiles([{ path, sizeBytes: long.length }], 5).flat();
  expect(ranges.flatMap((range) => [...linesBeginningIn(range)].map((line) => Buffer.from(line).toString()))).toEqual(
    expected,
  );
});

test('rejects a file without line ends before it fills the memory', async () => {
  const files = await findInputFiles([write('binary', `ok\n${'\0'.repeat(5_000_000)}`)]);
  const source = new FileSource(files, { repeat: false, lineBytesMax: 2_097_152 });
  const take = takeRecords(source, 10, { partitions: 1, records: 10, bytes: 100 });
  await expect(take).rejects.toMatchObject({
    code: 'input',
    message: expect.stringMatching(/binary line 2 is longer than 2 MiB/) as string,
  });
});

test('a folder means all files in it, in the order of their paths, without hidden ones', async () => {
  for (const name of ['tree/b/2.txt', 'tree/a.txt', 'tree/b/1.txt', 'tree/.hidden', 'tree/.git/x', 'tree/c/d/e/f.txt'])
    write(name, `${name}\n`);
  expect(await read([join(folder, 'tree')], 100, false)).toEqual([
    'tree/a.txt',
    'tree/b/1.txt',
    'tree/b/2.txt',
    'tree/c/d/e/f.txt',
  ]);
});

test.each([
  ['none', /can't read .*none \(--input\): no such file or directory/],
  ['empty', /empty: no records in this input \(--input\)/],
  ['bare', /bare contains no files \(--input\)/],
])('--input %s is refused', async (name, message) => {
  if (name === 'empty') write('empty', '');
  if (name === 'bare') mkdirSync(join(folder, 'bare'), { recursive: true });
  const error: unknown = await findInputFiles([join(folder, name)]).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ClusterError);
  expect(error).toMatchObject({ code: 'input', message: expect.stringMatching(message) as string });
});

test('rejects a device as input', async () => {
  await expect(findInputFiles(['/dev/null'])).rejects.toThrow(/neither a file nor a folder/);
});

test('a read that fails closes its file', async () => {
  const file = write('text', `${'a line of text without an end '.repeat(100)}\n`.repeat(2_000));
  const fixture = join(import.meta.dirname, '..', 'fixtures', 'workload', 'forgotten-files.js');
  const output = await promisify(execFile)(process.execPath, ['--expose-gc', fixture, folder, file]);
  expect(output).toEqual({ stdout: '4\n', stderr: '' });
});
