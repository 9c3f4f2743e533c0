import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { benchReport } from '../../src/results/schema.ts';
import { runCommand, type Ended } from '../benchmark/bench-process.ts';
import { sharedBrokers } from '../support/brokers.ts';

const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
let connection: Connection;
beforeAll(async () => {
  connection = await sharedBrokers();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function sweep(json: string, members: string): Promise<Ended> {
  const plan = ['--members', members, '--repetitions', '2', '--warm-up', '0', '--num-records', '8k'];
  const where = ['--bootstrap-server', connection.bootstrapServers, '--json', join(folder, json), '--quiet'];
  return runCommand(['sweep', 'fetch.min.bytes=1,65536', ...plan, ...where]);
}

test('two sweeps compare variant by variant, and leave nothing on the brokers', async () => {
  for (const json of ['before.json', 'after.json']) expect(await sweep(json, '2')).toMatchObject({ code: 0 });
  const { sweep: section, verdict } = benchReport.parse(JSON.parse(readFileSync(join(folder, 'before.json'), 'utf8')));
  expect(verdict).toEqual({ verified: true, runsVerified: 4, runs: 4, runsPlanned: 4 });
  expect(section?.variants.map(({ properties }) => properties)).toEqual([
    { 'fetch.min.bytes': '1' },
    { 'fetch.min.bytes': '65536' },
  ]);
  expect(section?.rows.map(({ runs }) => runs)).toEqual([2, 2]);
  const compared = await runCommand(['compare', join(folder, 'before.json'), join(folder, 'after.json')]);
  // Runs of a few milliseconds differ too much for a certain verdict.
  expect([0, 4, 5]).toContain(compared.code);
  expect(compared.stdout.match(/^sweep .*fetch\.min\.bytes=/gm)).toHaveLength(4);
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  try {
    expect((await admin.topics()).filter((topic) => topic.endsWith('-sweep'))).toEqual([]);
  } finally {
    await admin.close();
  }
});

test('a sweep with another number of members is not comparable, and the message names it', async () => {
  expect(await sweep('three.json', '3')).toMatchObject({ code: 0 });
  const refused = await runCommand(['compare', join(folder, 'before.json'), join(folder, 'three.json')]);
  expect(refused).toMatchObject({ code: 5 });
  expect(refused.stderr).toContain('the reports have different settings: sweep, members: 2 before, 3 after');
});
