import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { containedComponents, licenseTexts } from '../../src/commands/license-files.ts';

test('every runtime package of this project has a license, and nearly all have its text', () => {
  const components = containedComponents({ program: '.', top: '.', licenses: 'missing' });
  expect(components.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['consumer-cluster-wordcount', 'kafkajs', 'zod', 'd3-array']),
  );
  expect(components.filter(({ license, files }) => license === 'see its files' && files.length === 0)).toEqual([]);
  expect(components.filter(({ files }) => files.length > 0).length).toBeGreaterThan(components.length * 0.8);
});

test('a listed component has all files of its folder, and equal texts are printed once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'licenses-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'own', version: '1.0.0', license: 'MIT' }));
  writeFileSync(join(folder, 'LICENSE'), 'one');
  const list = [{ name: 'java', version: '25', license: 'GPL', folder: 'java' }];
  mkdirSync(join(folder, 'licenses', 'java', 'legal'), { recursive: true });
  writeFileSync(join(folder, 'licenses', 'components.json'), JSON.stringify(list));
  for (const [name, text] of Object.entries({ NOTICE: 'two', 'legal/COPYRIGHT': 'one' })) {
    writeFileSync(join(folder, 'licenses', 'java', name), text);
  }
  const components = containedComponents({ program: folder, top: folder, licenses: join(folder, 'licenses') });
  expect(components.map(({ name, version, license }) => [name, version, license])).toEqual([
    ['own', '1.0.0', 'MIT'],
    ['java', '25', 'GPL'],
  ]);
  expect([...licenseTexts(components)]).toEqual([
    ['one', ['own 1.0.0: LICENSE', 'java 25: COPYRIGHT']],
    ['two', ['java 25: NOTICE']],
  ]);
});
