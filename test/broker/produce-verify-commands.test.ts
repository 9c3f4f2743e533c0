import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { ClusterError } from '../../src/errors.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { countAll } from '../workload/naive.ts';
import { withAdmin } from '../workload/read-back.ts';
import { eventually } from '../support/eventually.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const folder = mkdtempSync(join(tmpdir(), 'commands-'));
let connection: Connection;
beforeAll(async () => {
  connection = await sharedBrokers();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the built command line in a separate process. */
function cli(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/cli.js', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const onBrokers = (): string[] => ['--bootstrap-server', connection.bootstrapServers];

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const text = 'Der Hund und die Katze\r\nder HUND\n\nÉté été e\u0301te\nlast line without end';
const tsv = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([word, count]) => `${word}\t${count}\n`).join('');

test('verify passes for the right counts of a produced topic and fails for wrong ones', async () => {
  const topic = `commands-${randomUUID().slice(0, 8)}`;
  const input = write('text.txt', text);
  const produced = await cli(
    'produce',
    ...onBrokers(),
    '--topic',
    topic,
    '--partitions',
    '3',
    '--input',
    input,
    '--json',
    '-',
  );
  expect(produced).toMatchObject({ code: 0 });
  expect(JSON.parse(produced.stdout)).toMatchObject({ topic, partitions: 3, records: 5, perPartition: [2, 2, 1] });
  const counts = countAll(text.split(/\r?\n/).map((line) => Buffer.from(line)));

  const verify = (file: string): Promise<Ended> => cli('verify', ...onBrokers(), '--topic', topic, '--counts', file);
  const right = await verify(write('right.tsv', tsv(counts)));
  expect(right).toMatchObject({
    code: 0,
    stdout: `equal: 14 words, ${counts.size} distinct, in 5 records of ${topic}\n`,
  });
  const json = await verify(write('right.json', JSON.stringify({ topic, counts: [...counts] })));
  expect(json.code).toBe(0);

  const wrong = new Map([...counts, ['hund', 3], ['kater', 1]]);
  wrong.delete('katze');
  const differing = await verify(write('wrong.tsv', tsv(wrong)));
  expect(differing.code).toBe(3);
  expect(differing.stdout).toMatch(/^different: 3 words/);
  for (const line of ['"katze": file 0, topic 1', '"kater": file 1, topic 0', '"hund": file 3, topic 2']) {
    expect(differing.stdout).toContain(line);
  }
  expect(differing.stderr).toMatch(/error: 3 words differ/);
});

test('an existing topic keeps its partitions, and options of a new topic are reported as ignored', async () => {
  const topic = `commands-${randomUUID().slice(0, 8)}`;
  await withAdmin(connection, (admin) => admin.createTopic({ topic, partitions: 2, replicationFactor: 1 }));
  const shape = ['--topic', topic, '--partitions', '7', '--replication-factor', '1'];
  const args = [...shape, '--num-records', '9', '--seed', '1'];
  const { code, stderr } = await cli('produce', ...onBrokers(), ...args);
  expect(code).toBe(0);
  for (const flag of ['--partitions', '--replication-factor']) {
    expect(stderr).toContain(`topic ${topic} exists with 2 partitions: ${flag} has no effect\n`);
  }
  const offsets = await withAdmin(connection, (admin) => admin.offsets(topic));
  expect(offsets.map(({ endOffset }) => endOffset)).toEqual([5, 4]);
});

test('a failure before the first record leaves no topic behind', async () => {
  const topic = `commands-${randomUUID().slice(0, 8)}`;
  const input = write('huge.txt', 'x'.repeat(9_000_000));
  const { code, stderr } = await cli('produce', ...onBrokers(), '--topic', topic, '--input', input);
  expect(code).toBe(1);
  expect(stderr).toMatch(/error: a record, or a batch of records, is larger than the topic accepts/);
  expect(await withAdmin(connection, (admin) => admin.topic(topic))).toBeUndefined();
});

test.each([
  [['produce', '--topic', 't', '--input', '/no/such/file'], 1, /error: can't read \/no\/such\/file \(--input\)/],
  [['produce', '--topic', 't', '--num-records', '-1'], 2, /error: --num-records: '-1'/],
  [['produce', '--topic', 't', '--vocabulary', '1e99'], 2, /error: --vocabulary: '1e99'/],
  [['produce', '--topic', 't', '--non-ascii', '1.5'], 2, /error: --non-ascii: '1.5'/],
  [
    ['produce', '--topic', 't', '--input', 'README.md', '--record-bytes', '9'],
    2,
    /--input and --record-bytes are mutually exclusive/,
  ],
  [['produce', '--topic', 't', '--compression', 'brotli'], 2, /brotli/],
  [['produce', '--topic', 'no good name'], 2, /error: 'no good name' is not a valid topic name \(--topic\)/],
  [['produce', '--topic', 'x', '--replication-factor', '9'], 2, /\(--replication-factor\)/],
  [['verify', '--topic', 't', '--counts', '/no/such/file'], 1, /error: can't read \/no\/such\/file \(--counts\)/],
  [['verify', '--topic', 't', '--counts', 'package.json'], 1, /error: package\.json is not a JSON object of counts/],
  [['verify', '--topic', 'no-such-topic', '--counts', '/dev/null'], 1, /error: topic 'no-such-topic' does not exist/],
])('%j is one line of error, with its exit code', async (args, code, message) => {
  const ended = await cli(...args, ...onBrokers());
  expect(ended.code).toBe(code);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.match(/^error: /gm)).toHaveLength(1);
  expect(ended.stdout).toBe('');
});

async function hasRecords(topic: string): Promise<boolean> {
  try {
    const offsets = await withAdmin(connection, (admin) => admin.offsets(topic));
    return offsets.some(({ endOffset }) => endOffset > 0);
  } catch (error) {
    // Brokers learn of a new topic one after the other.
    if (error instanceof ClusterError && error.code === 'topicUnavailable') return false;
    throw error;
  }
}

test('SIGINT ends produce with exit code 130, after delivering what it has sent', async () => {
  const topic = `commands-${randomUUID().slice(0, 8)}`;
  const args = ['produce', ...onBrokers(), '--topic', topic, '--num-records', '1000m', '--json', '-'];
  const ended = await new Promise<Ended>((resolve) => {
    const child = execFile(process.execPath, ['dist/cli.js', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
    // Before the first record the topic would be deleted again.
    void eventually('records are in the topic', () => hasRecords(topic), 30_000).then(() => child.kill('SIGINT'));
  });
  expect(ended.code).toBe(130);
  const { perPartition } = JSON.parse(ended.stdout) as { readonly perPartition: number[] };
  const offsets = await withAdmin(connection, (admin) => admin.offsets(topic));
  expect(offsets.map(({ endOffset }) => endOffset)).toEqual(perPartition);
  await withAdmin(connection, (admin) => admin.deleteTopic(topic));
});
