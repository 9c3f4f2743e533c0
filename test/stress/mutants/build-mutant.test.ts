import { access, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { amplifiers } from '../../../src/stress/mutants/amplifiers.ts';
import { amplifiedEdits, buildMutant, mutatedText } from '../../../src/stress/mutants/build-mutant.ts';
import type { MutantEdit } from '../../../src/stress/mutants/mutant.ts';
import { mutants } from '../../../src/stress/mutants/mutant-list.ts';

const dist = new URL('../../../dist/', import.meta.url);

test('there are at least 25 mutants with different names', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(25);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test.each(mutants)('$name changes lines that this build has exactly once', async ({ name, edits }) => {
  await make(name, edits);
});

test.each([undefined, ...mutants])('$name also does so in the amplified program', async (mutant) => {
  await make(mutant?.name ?? 'control', amplifiedEdits(mutant));
});

test.each(amplifiers)('amplifier $name only adds text and keeps the original line', ({ edits }) => {
  for (const { from, to } of edits) expect(to).toContain(from);
});

async function make(name: string, edits: readonly MutantEdit[]): Promise<void> {
  const texts = new Map<string, string>();
  for (const edit of edits) {
    const text = texts.get(edit.file) ?? (await readFile(new URL(edit.file, dist), 'utf8'));
    texts.set(edit.file, mutatedText(text, name, edit));
  }
}

test('lines that are missing or ambiguous are an error', () => {
  const edit = { file: 'a.js', from: 'x', to: 'y' };
  expect(mutatedText('a x b', 'm', edit)).toBe('a y b');
  for (const text of ['a b', 'x x']) expect(() => mutatedText(text, 'm', edit)).toThrow('expected exactly once');
});

test('a built mutant is the program with the lines changed, and leaves nothing behind', async () => {
  const { distUrl, entryUrl, cliFile, dispose } = await buildMutant('never-recovers');
  const file = new URL('cluster/table-registry.js', distUrl);
  expect(await readFile(file, 'utf8')).not.toBe(await readFile(new URL('cluster/table-registry.js', dist), 'utf8'));
  // It finds packages and the client from its folder.
  await import(new URL('kafka/native/consumer.js', distUrl).href);
  await access(entryUrl);
  await access(cliFile);
  await dispose();
  await expect(access(file)).rejects.toThrow();
});
