import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runAction, type ActionOutcome } from '../pipelines/composite-action.ts';
import { fasterBaseline } from '../pipelines/faster-baseline.ts';
import { sharedBrokers } from '../support/brokers.ts';

const workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
const executable = resolve('setup/consumer-cluster');
let brokers: string;
/** A bench without a baseline. */
let first: ActionOutcome;
beforeAll(async () => {
  brokers = (await sharedBrokers()).bootstrapServers;
  first = await act({ arguments: `${smallBench()}\n--seed 7`, baseline: 'none.json', 'output-folder': 'first' });
});

function act(inputs: Readonly<Record<string, string>>, github: Readonly<Record<string, string>> = {}) {
  return runAction('action.yml', { inputs: { executable, ...inputs }, github, workspace });
}

const smallBench = () => `--members 1,2 --repetitions 1 --lane drain --num-records 20k -b ${brokers}`;

function outputOf({ steps }: ActionOutcome): string {
  return Object.entries(steps)
    .map(([name, { code, output }]) => `${name}: ${code}\n${output}`)
    .join('\n');
}

test('a bench without a baseline writes every report, the summary of the job and the outputs', () => {
  expect(first.succeeded, outputOf(first)).toBe(true);
  const { verdict, 'exit-code': code, comparison, ...files } = first.outputs;
  expect({ verdict, code, comparison }).toEqual({ verdict: 'passed', code: '0', comparison: '' });
  expect(Object.entries(files).map(([name, path]) => [name, basename(path), existsSync(path)])).toEqual([
    ['report', 'report.json', true],
    ['html', 'report.html', true],
    ['markdown', 'report.md', true],
    ['junit', 'report.xml', true],
  ]);
  expect(first.summary).toBe(readFileSync(files['markdown'] ?? '', 'utf8'));
  expect(first.steps['Measure']?.output).toContain("::notice::no baseline 'none.json'");
});

test('compares with a baseline: the outputs are written before a regression fails the job', async () => {
  const before = first.outputs['report'] ?? '';
  writeFileSync(join(workspace, 'faster one.json'), fasterBaseline(readFileSync(before, 'utf8')));
  const outcome = await act({
    arguments: smallBench(),
    'output-folder': 'a folder',
    baseline: 'faster one.json',
    'across-machines': 'false',
  });
  expect(outcome.succeeded, outputOf(outcome)).toBe(false);
  expect(Object.keys(outcome.steps)).toEqual(['Find the program', 'Measure', 'Verdict']);
  expect(outcome.steps['Verdict']).toEqual({
    code: 4,
    output: '::error::regression: see the output of the step before\n',
  });
  expect(outcome.outputs).toMatchObject({ verdict: 'regression', 'exit-code': '4' });
  expect(JSON.parse(readFileSync(outcome.outputs['comparison'] ?? '', 'utf8'))).toMatchObject({
    verdict: 'regression',
  });
  expect(outcome.summary).toMatch(/```text\n[^`]*regress[^`]*\n```\n$/);
});

test('an inconclusive comparison fails only where it should', async () => {
  // Reports of different workloads cannot be compared.
  const other = { arguments: `${smallBench()} --num-records 21k`, baseline: first.outputs['report'] ?? '' };
  const tolerant = await act(other);
  expect(tolerant.outputs['verdict'], outputOf(tolerant)).toBe('inconclusive');
  expect(tolerant.steps['Verdict']?.output).toContain('::warning::inconclusive');
  expect(tolerant.succeeded).toBe(true);
  const strict = await act({ ...other, 'fail-on-inconclusive': 'true' });
  expect([strict.outputs['exit-code'], strict.succeeded]).toEqual(['5', false]);
});

test('wrong inputs fail with a message that names the input', async () => {
  const usage = await act({ arguments: "--members 'one two'" });
  expect(usage.outputs).toEqual({
    ...{ verdict: 'error', 'exit-code': '2' },
    ...{ report: '', html: '', markdown: '', junit: '', comparison: '' },
  });
  expect(usage.steps['Measure']?.output).toContain("error: --members: 'one two' is not a whole number");
  expect(usage.succeeded).toBe(false);
  for (const [inputs, message] of [
    [{ arguments: "--members '1" }, '::error::arguments: a quote is not closed'],
    [{ command: 'brokers; id' }, "::error::command: 'brokers; id' is not bench"],
    [{ 'output-folder': 'a\nverdict=passed' }, '::error::output-folder: a line end'],
    [{ executable: 'no/such program' }, "::error::executable: 'no/such program' is not a program"],
    [{ executable: '' }, '::error::the version of the action is unknown'],
  ] as const) {
    const outcome = await act(inputs);
    expect(outputOf(outcome)).toContain(message);
    expect([outcome.succeeded, outcome.outputs['verdict']]).toEqual([false, '']);
  }
});

test('a shell expands nothing in an input', async () => {
  const outcome = await act({ arguments: '--members $(touch${IFS}expanded) `touch expanded` ; touch expanded' });
  expect(outcome.outputs['exit-code']).toBe('2');
  expect(existsSync(join(workspace, 'expanded'))).toBe(false);
});

test('a stress test has a verdict, a JSON report and a summary', async () => {
  const outcome = await act({
    command: 'stress',
    arguments: `--seed 3 --runs 1 --duration 3s --faults crash --protocol consumer -b ${brokers}`,
  });
  expect(outcome.outputs['verdict'], outputOf(outcome)).toBe('passed');
  expect(JSON.parse(readFileSync(outcome.outputs['report'] ?? '', 'utf8'))).toMatchObject({ verdict: 'passed' });
  expect(outcome.summary).toMatch(/^\n```text\n.+\n```\n$/s);
});

/** A server of release files, with a program that prints its arguments. */
async function releaseServer(checksumOf: (program: string) => string): Promise<Server> {
  const program = '#!/bin/sh\necho 9.9.9\n';
  const name = `consumer-cluster-linux-${process.arch}`;
  const files = new Map([
    [`/some/fork/releases/download/v9.9.9/${name}`, program],
    [
      '/some/fork/releases/download/v9.9.9/SHA256SUMS',
      `${'0'.repeat(64)}  ${name}.cdx.json\n${checksumOf(program)}  ${name}\n`,
    ],
  ]);
  const server = createServer((request, response) => {
    const body = files.get(request.url ?? '');
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

test('downloads the release that the action is tagged with, and refuses a file with another checksum', async () => {
  for (const [checksumOf, succeeds] of [
    [sha256, true],
    [() => sha256(''), false],
  ] as const) {
    const server = await releaseServer(checksumOf);
    servers.push(server);
    const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const github = { server_url: serverUrl, action_repository: 'some/fork', action_ref: 'v9.9.9' };
    const outcome = await act({ executable: '' }, github);
    expect(outcome.steps['Find the program']?.code === 0, outputOf(outcome)).toBe(succeeds);
    if (succeeds) expect(outcome.steps['Find the program']?.output).toBe('consumer-cluster 9.9.9\n');
    const missing = await act({ executable: '', version: 'v0' }, github);
    expect(missing.steps['Find the program']?.output).toContain('404');
    expect(missing.succeeded).toBe(false);
  }
});
