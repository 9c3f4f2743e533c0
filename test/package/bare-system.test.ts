import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kafkaVersionByDefault } from '../../src/brokers/kafka-version.ts';
import { spawnForTest } from '../support/spawned.ts';
import { BareRoot, singleFile } from './bare-root.ts';

/** Brokers, counts and faults on a machine that may have three times less speed. */
const timeoutMs = 400_000;

test(
  'on a bare system without network, bench runs on two real brokers and writes its reports',
  { timeout: timeoutMs },
  async () => {
    const root = new BareRoot();
    const size = ['--members', '1,2', '--repetitions', '1', '--lane', 'drain', '--num-records', '100k'];
    const bench = await root.run(['bench', ...size, '--json', '/root/bench.json']);
    expect(bench, bench.stderr).toMatchObject({ code: 0 });
    expect(bench.stdout).toContain('verified: 3 of 3 runs, every word');
    expect(bench.stdout).toContain(`2 managed brokers, Apache Kafka ${kafkaVersionByDefault}`);
    const report = await root.run(['report', '/root/bench.json', '--html', '/root/bench.html']);
    expect(report, report.stderr).toMatchObject({ code: 0 });
    expect(readFileSync(join(root.folder, 'root', 'bench.html'), 'utf8')).toContain('<svg');
  },
);

test('another user without HOME runs doctor, run and stress', { timeout: timeoutMs }, async () => {
  const root = new BareRoot();
  const user = { user: 1234, env: {} };
  const doctor = await root.run(['doctor'], user);
  expect(doctor, doctor.stderr).toMatchObject({ code: 0, stderr: '' });
  expect(doctor.stdout).toContain('/usr/bin/consumer-cluster, unpacked in /tmp/consumer-cluster-cache-1234/');
  const run = await root.run(['run', '--duration', '5s'], user);
  expect(run, run.stderr).toMatchObject({ code: 0 });
  const stress = await root.run(['stress', '--runs', '1', '--duration', '6s'], user);
  expect(stress, stress.stderr + stress.stdout).toMatchObject({ code: 0 });
});

test('exit codes and signals are those of the program', { timeout: timeoutMs }, async () => {
  const usage = spawnForTest(singleFile(), ['bench', '--fast']);
  expect(await once(usage, 'exit')).toEqual([2, null]);
  const waiting = spawnForTest(singleFile(), ['run', '--brokers', 'mock']);
  waiting.stderr.setEncoding('utf8');
  await expect.poll(() => String(waiting.stderr.read() ?? ''), { timeout: 60_000 }).not.toBe('');
  waiting.kill('SIGINT');
  waiting.stdout.resume();
  waiting.stderr.resume();
  expect(await once(waiting, 'exit')).toEqual([130, null]);
});
