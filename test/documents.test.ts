import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { compatibilityPage, documents } from './support/documents.ts';

/** `[text](target)`, with or without a heading behind `#`. */
const link = /\]\((?<target>[^)\s]+)\)/g;
/**
 * A path of the project in backticks. Patterns, such as `test/x/*.ts`, and names in capitals stand
 * for several files.
 */
const path = /`(?<path>(?:src|test|bench|setup|docs|scenarios|patches)\/[A-Za-z0-9_.@+/-]*)`/g;

function targetsIn(document: string): string[] {
  const text = readFileSync(document, 'utf8').replaceAll(/^```.*?^```/gms, '');
  return [...text.matchAll(link)].map((match) => match.groups?.['target'] ?? '');
}

function headingsIn(document: string): string[] {
  return readFileSync(document, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

test.each(documents)('%s: every relative link leads to a file, and to a heading of it', (document) => {
  const broken = targetsIn(document).filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [file = '', heading] = target.split('#');
    const linked = file === '' ? document : join(dirname(document), file);
    return !existsSync(linked) || (heading !== undefined && !headingsIn(linked).includes(heading));
  });
  expect(broken).toEqual([]);
});

test.each(documents)('%s: every path in backticks exists', (document) => {
  const named = [...readFileSync(document, 'utf8').matchAll(path)].map((match) => match.groups?.['path'] ?? '');
  expect(named.filter((name) => !existsSync(name) && name !== compatibilityPage)).toEqual([]);
});

test('there are links and paths to check', () => {
  expect(documents.flatMap(targetsIn).length).toBeGreaterThan(20);
  expect(documents.flatMap((document) => [...readFileSync(document, 'utf8').matchAll(path)]).length).toBeGreaterThan(
    20,
  );
});

test('README.md has fewer than 150 lines', () => {
  expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThan(150);
});
