import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { fasterBaseline } from '../pipelines/faster-baseline.ts';
import { includeTemplate, runJob } from '../pipelines/gitlab-template.ts';
import { sharedBrokers } from '../support/brokers.ts';

const template = 'templates/consumer-cluster.yml';
const project = mkdtempSync(join(tmpdir(), 'project-'));
const executable = resolve('setup/consumer-cluster');
const report = join(project, 'consumer-cluster-results/report.json');
let smallBench: string;
beforeAll(async () => {
  const { bootstrapServers } = await sharedBrokers();
  smallBench = `--members 1,2 --repetitions 1 --lane drain --num-records 20k -b ${bootstrapServers}`;
});

function run(inputs: Readonly<Record<string, string | boolean>>) {
  return runJob(includeTemplate(template, { executable, ...inputs }), project);
}

test('a bench writes every report that the job keeps, and a regression fails it', async () => {
  const first = await run({ arguments: smallBench, baseline: 'none.json' });
  expect(first.code, first.output).toBe(0);
  expect(first.output).toContain("no baseline 'none.json': the result is not compared");
  const { artifacts } = includeTemplate(template, {});
  expect(existsSync(join(project, artifacts.reports.junit))).toBe(true);
  for (const name of ['report.json', 'report.html', 'report.md']) {
    expect(existsSync(join(project, artifacts.paths[0] ?? '', name))).toBe(true);
  }
  writeFileSync(join(project, 'faster one.json'), fasterBaseline(readFileSync(report, 'utf8')));
  const second = await run({ arguments: smallBench, baseline: 'faster one.json', 'across-machines': false });
  expect(second.code, second.output).toBe(4);
  expect(existsSync(join(project, 'consumer-cluster-results/comparison.json'))).toBe(true);
});

test('wrong inputs end the job before brokers start, and nothing in them is expanded', async () => {
  expect(await run({ arguments: '--members 0' })).toMatchObject({ code: 2 });
  expect((await run({ arguments: "--members '1" })).code).not.toBe(0);
  expect(await run({ arguments: '--members $(touch${IFS}expanded) `touch expanded`' })).toMatchObject({ code: 2 });
  expect(existsSync(join(project, 'expanded'))).toBe(false);
  expect(() => includeTemplate(template, { command: 'brokers' })).toThrow('command is none of its options');
});

test('downloads the program, and refuses it with another checksum', async () => {
  const program = '#!/bin/sh\necho "$@"\n';
  const folder = join(project, 'release folder');
  mkdirSync(folder);
  writeFileSync(join(folder, 'program'), program);
  const url = pathToFileURL(join(folder, 'program')).href;
  const sha256 = createHash('sha256').update(program).digest('hex');
  const downloaded = await run({ executable: './down loaded', url, sha256, arguments: `--topic 'a  b'` });
  expect(downloaded).toEqual({
    code: 0,
    output: 'bench --topic a  b --json consumer-cluster-results/report.json\n',
  });
  const refused = await run({ executable: './refused', url, sha256: '0'.repeat(64) });
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain('did NOT match');
});
