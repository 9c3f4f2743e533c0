import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documents } from './support/documents.ts';

/**
 * Lines a file may have. A longer one has two jobs: give the second one a separate file or room.
 */
const linesMax = 250;
const rooms = ['src', 'bench', 'test', 'setup'];
const vagueNames = /^(utils?|helpers?|types|common|misc|index)\.(ts|js)$/;

const files = rooms.flatMap((room) =>
  readdirSync(room, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

test('there are files to check', () => {
  expect(files.length).toBeGreaterThan(30);
});

test('no file is long', () => {
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > linesMax);
  expect(long).toEqual([]);
});

test('every file is named for what it holds', () => {
  expect(files.filter((file) => vagueNames.test(file.split('/').at(-1) ?? ''))).toEqual([]);
  expect(files.filter((file) => !/^[a-z0-9-]+(\.[a-z]+)+$/.test(file.split('/').at(-1) ?? ''))).toEqual([]);
});

test('no file has an open task or a disabled check', () => {
  const marks = new RegExp(
    [
      'TO' + 'DO',
      'FIX' + 'ME',
      '@ts-ig' + 'nore',
      '(test|describe|it)\\.on' + 'ly',
      '(test|describe|it)\\.sk' + 'ip',
    ].join('|'),
  );
  expect(files.filter((file) => marks.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('only the command line exits the process, and only the tests and benchmarks print to the console', () => {
  const source = files.filter((file) => file.startsWith('src/'));
  expect(source.filter((file) => readFileSync(file, 'utf8').includes('process.exit('))).toEqual(['src/main.ts']);
  expect(source.filter((file) => readFileSync(file, 'utf8').includes('console.'))).toEqual([]);
});

test('documents wrap at 100 columns, except for tables, links and code', () => {
  const columnsMax = 100;
  const long = documents.flatMap((document) =>
    readFileSync(document, 'utf8')
      .replaceAll(/^ *```.*?^ *```/gms, '')
      .split('\n')
      .filter((line) => !/^ *\|/.test(line) && !line.includes('](') && line.length > columnsMax)
      .map((line) => `${document}: ${line}`),
  );
  expect(long).toEqual([]);
});

/** Names that several files of src/ export on purpose, with the reason. */
const sharedNames: Readonly<Record<string, string>> = {
  Tokenizer: 'src/count imports no other room, so it declares the names that it compiles',
  run: 'the entry point of every experiment, loaded on demand',
  figures: 'the entry point of the figures of every experiment, loaded on demand',
};

test('no two files of src/ export the same name', () => {
  const exported = /^export (?:async )?(?:abstract )?(?:function\*?|class|interface|type|const) (?<name>[A-Za-z]\w*)/gm;
  const filesOf = new Map<string, Set<string>>();
  const source = files.filter((file) => file.startsWith('src/') && !/count\/(?:assembly|generated)\//.test(file));
  for (const file of source) {
    for (const { groups } of readFileSync(file, 'utf8').matchAll(exported)) {
      const name = groups?.['name'] ?? '';
      filesOf.set(name, (filesOf.get(name) ?? new Set()).add(file));
    }
  }
  expect(filesOf.size).toBeGreaterThan(1_000);
  const shared = [...filesOf].filter(([, named]) => named.size > 1).map(([name]) => name);
  expect(shared.sort()).toEqual(Object.keys(sharedNames).sort());
});
