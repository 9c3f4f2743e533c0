import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { kafkaVersionByDefault } from '../../src/brokers/kafka-version.ts';
import { singleFile } from './bare-root.ts';
import { runFile } from './run-file.ts';

const Sbom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string(),
      licenses: z.array(z.unknown()).default([]),
      externalReferences: z.array(z.object({ url: z.url() })).default([]),
    }),
  ),
});

const cache = mkdtempSync(join(tmpdir(), 'contents-'));
/** The unpacked program. */
let folder: string;
let licenses: string;

beforeAll(async () => {
  const outcome = await runFile(['--cache-dir', cache, 'licenses']);
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  licenses = outcome.stdout;
  folder = join(cache, readdirSync(cache).find((name) => name.length === 32) ?? '');
  return () => {
    rmSync(cache, { recursive: true, force: true });
  };
});

const readSbom = (): z.infer<typeof Sbom> => Sbom.parse(JSON.parse(readFileSync(`${singleFile()}.cdx.json`, 'utf8')));

test('the single file has at most 190 MB', () => {
  expect(statSync(singleFile()).size).toBeLessThanOrEqual(190e6);
});

test('the checksums are right', () => {
  const output = execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: dirname(singleFile()), encoding: 'utf8' });
  expect(output.trim().split('\n')).toEqual(
    readdirSync(dirname(singleFile()))
      .filter((name) => name !== 'SHA256SUMS')
      .sort()
      .map((name) => `${name}: OK`),
  );
});

test('the bill of materials lists every package, jar and library that the file contains', () => {
  const { components } = readSbom();
  const listed = new Set(components.map(({ name, version }) => `${name} ${version}`));
  const packages = globSync(['node_modules/*/package.json', 'node_modules/@*/*/package.json'], { cwd: folder });
  const contained = packages.map((file) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string>;
    return `${name} ${version}`;
  });
  expect(contained.length).toBeGreaterThan(40);
  expect(contained.filter((name) => !listed.has(name))).toEqual([]);
  const jars = globSync('.cache/kafka-*/jars/*.jar', { cwd: folder }).map((file) => file.split('/').at(-1) ?? '');
  const listedJars = new Set(components.map(({ name, version }) => `${name}-${version}.jar`));
  expect(jars.length).toBeGreaterThan(40);
  expect(jars.filter((name) => !listedJars.has(name))).toEqual([]);
  for (const name of ['Node.js', 'librdkafka', 'Eclipse Temurin', 'libstdc++6', 'libzstd-dev']) {
    expect(components.map((component) => component.name)).toContain(name);
  }
});

test('licenses prints the text or the license of every component, and the file beside it is the same', () => {
  const { components } = readSbom();
  expect(components.filter((component) => component.licenses.length === 0).map(({ name }) => name)).toEqual([]);
  const rows = new Set(licenses.split('\n').map((line) => line.split(/ {2,}/, 2).join(' ')));
  const missing = components.filter(({ name, version }) => !rows.has(`${name} ${version}`));
  expect(missing.map(({ name }) => name)).toEqual([]);
  expect(licenses).toContain('The MIT License');
  expect(licenses).toContain('GNU GENERAL PUBLIC LICENSE');
  expect(licenses).toContain('Apache License');
  expect(readFileSync(`${singleFile()}.licenses.txt`, 'utf8')).toBe(licenses);
});

test("Java uses its archive of Kafka's classes, although the folder is another one than when it was made", () => {
  const kafka = `kafka-${kafkaVersionByDefault}`;
  const place = mkdtempSync(join(cache, 'broker-'));
  symlinkSync(join(folder, '.cache', kafka), join(place, 'kafka'));
  const manifest = readFileSync(join(folder, '.cache', `${kafka}.json`), 'utf8');
  const { jars } = z.object({ jars: z.array(z.string()) }).parse(JSON.parse(manifest));
  const archive = ['-Xshare:auto', '-XX:SharedArchiveFile=kafka/classes.jsa', '-Xlog:class+load:file=classes.txt'];
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', ...archive];
  const classPath = ['-cp', jars.map((jar) => `kafka/jars/${jar}`).join(':')];
  execFileSync(join(folder, '.cache/java/bin/java'), [...flags, ...classPath, 'kafka.Kafka', '--version'], {
    cwd: place,
  });
  const loaded = readFileSync(join(place, 'classes.txt'), 'utf8');
  expect(loaded).toMatch(/ kafka\.Kafka source: shared objects file \(top\)/);
  expect(loaded).toMatch(/ java\.lang\.Object source: shared objects file\n/);
});

test('the file contains nothing for compilers', () => {
  expect(globSync('node_modules/**/*.{d.ts,map}', { cwd: folder })).toEqual([]);
});
