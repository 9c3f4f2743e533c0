import { expect, test } from 'vitest';
import { allPeers, choosePeers } from '../../bench/peers/all-peers.ts';
import { bookGoals } from '../../bench/peers/goals.ts';
import { programPeer } from '../../bench/peers/program-peer.ts';
import { preparePeers, runPeers } from '../../bench/peers/run-peers.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { sharedBrokers } from '../support/brokers.ts';

const context = { signal: new AbortController().signal, log: () => undefined };
const work = { workload: { type: 'book' }, goals: bookGoals } as const;
// One of each program. Streams and @platformatic/kafka are left out: what they need would be
// fetched first, 300 MB of it.
const rows = [
  'raw-fetch',
  'perf-test',
  'librdkafka-c',
  'confluent-drain',
  'ours-drain-2',
  'kafkajs-count',
  'confluent-count-5',
  'ours-count-5',
];

test('every program reads a topic to its end and counts every word right', async () => {
  const connection = await sharedBrokers();
  const peers = await preparePeers(choosePeers(allPeers(), rows), context);
  expect(peers.skipped).toEqual([]);
  const options = { ...work, records: 5_003, partitions: 4, repetitions: 1, seed: 3 };
  const report = await runPeers({ connection, label: 'shared' }, peers, options, context);
  for (const { name, failures, verified } of report.rows)
    expect({ name, failures, verified }).toMatchObject({ failures: [], verified: true });
  expect(report.rows.map(({ name }) => name)).toEqual(rows);
  expect(report.ratios.map(({ peer }) => peer)).toEqual(['raw-fetch', 'perf-test', 'perf-test', 'kafkajs-count']);
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  const topics = await admin.topics();
  await admin.close();
  expect(topics.filter((topic) => topic.startsWith('peers-'))).toEqual([]);
});

test('a program that counts one word wrong is shown as failed', async () => {
  const connection = await sharedBrokers();
  const liar = programPeer({
    name: 'liar',
    title: 'all totals right, one count moved to another word',
    lane: 'count',
    members: 1,
    settings: {},
    command: ({ topic }, files) => {
      const [[first, count] = ['', 0], ...others] = topic.counts;
      const moved = [[first, count - 1], ...others.slice(0, -1), ...others.slice(-1).map(([word, n]) => [word, n + 1])];
      const text = moved.map((pair) => pair.join('\t')).join('\n');
      const now = Date.now();
      const result = { startedAtMs: now - 1, endedAtMs: now, records: topic.records, bytes: topic.bytes };
      const script =
        'const [, ...files] = process.argv; for (let i = 0; i < 4; i += 2) require("fs").writeFileSync(files[i], files[i + 1])';
      return [process.execPath, '-e', script, files.result, JSON.stringify(result), files.counts, text];
    },
  });
  const peers = await preparePeers([liar], context);
  const options = { ...work, records: 100, partitions: 4, repetitions: 1, seed: 3 };
  const report = await runPeers({ connection, label: 'shared' }, peers, options, context);
  expect(report.rows[0]?.verified).toBe(false);
  expect(report.rows[0]?.failures.join()).toContain('2 words differ');
});

test('rows are chosen by name or by their beginning, and an unknown name is a usage error', () => {
  const all = allPeers();
  expect(choosePeers(all, undefined)).toEqual(all);
  expect(choosePeers(all, ['ours-count-5', 'perf-test']).map(({ name }) => name)).toEqual([
    'perf-test',
    'ours-count-5',
  ]);
  expect(choosePeers(all, ['streams-*']).length).toBe(2);
  expect(() => choosePeers(all, ['perf-tset'])).toThrow(/perf-tset/);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
