import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { allFaultKinds } from '../../src/stress/faults/all-faults.ts';
import { HistoryFile } from '../../src/history/history-file.ts';
import { OutputStream } from '../../src/output/output-stream.ts';
import { protocolNames } from '../../src/config/group-protocols.ts';
import { planSettings } from '../../src/stress/plan-file.ts';
import { stressPlans, type PlanWishes } from '../../src/stress/stress-plans.ts';

const wishes: PlanWishes = { seed: 7, runs: 3, asked: {}, kinds: allFaultKinds, protocols: protocolNames, soak: false };

async function plansOf(more: Partial<PlanWishes>): Promise<Awaited<ReturnType<typeof stressPlans>>> {
  return stressPlans({ ...wishes, ...more });
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stress-plans-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('runs go over seeds, with all protocols in rotation', async () => {
  const plans = [...(await plansOf({ runs: 8 }))];
  expect(plans.map(({ seed }) => seed)).toEqual([7, 8, 9, 10, 11, 12, 13, 14]);
  expect(new Set(plans.map(({ protocol }) => protocol)).size).toBe(4);
});

test('each protocol is run with a standby, and with several partitions a member', async () => {
  const plans = [...(await plansOf({ runs: 8 }))];
  const shapes = plans.map(({ protocol, members, partitions }) => `${protocol} ${members} ${partitions}`);
  expect(new Set(shapes).size).toBe(8);
  expect(plans.filter(({ members, partitions }) => partitions >= 2 * members)).toHaveLength(4);
  expect(plans.filter(({ members, partitions }) => members > partitions)).toHaveLength(4);
});

test('what the user asks for wins over the scenario, which wins over the defaults', async () => {
  const [plan] = await plansOf({ scenario: 'broker-loss', asked: { members: 2 } });
  expect(plan).toMatchObject({ durationMs: 40_000, members: 2, partitions: 4, rate: 4_000 });
  expect(plan?.faults[0]).toMatchObject({ kind: 'broker-kill', atMs: 1_000, durationMs: 2_000, requested: 1 });
});

test('brokers with a fixed number of partitions get it unless the user or the scenario asks for another', async () => {
  const partitionsOf = async (wishes: Partial<PlanWishes>): Promise<number[]> =>
    [...(await plansOf({ runs: 8, partitionsByDefault: 4, ...wishes }))].map(({ partitions }) => partitions);
  expect(new Set(await partitionsOf({}))).toEqual(new Set([4]));
  expect(new Set(await partitionsOf({ asked: { partitions: 6 } }))).toEqual(new Set([6]));
});

test('replays the plan of a history as it was', async () => {
  const folder = await temporaryFolder();
  for (const plan of [...(await plansOf({})), ...(await plansOf({ runs: 1, scenario: 'broker-loss' }))]) {
    const path = join(folder, `${plan.seed}-${plan.durationMs}.ndjson`);
    new HistoryFile(OutputStream.create(path), planSettings(plan)).close();
    expect([...(await plansOf({ replay: path, runs: 1 }))]).toEqual([plan]);
  }
});

test('a file that is not a history is a usage error', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'other.json'), '{"type":"plan","plan":{}}\n');
  await expect(plansOf({ replay: join(folder, 'other.json') })).rejects.toMatchObject({ code: 'usage' });
});

test("a history or a scenario that can't be read is not a usage error", async () => {
  const missing = join(await temporaryFolder(), 'missing');
  await expect(plansOf({ replay: missing })).rejects.toMatchObject({
    code: 'input',
    message: `can't read ${missing} (--replay): no such file or directory`,
  });
  await expect(plansOf({ scenario: 'no-such-one' })).rejects.toMatchObject({
    code: 'input',
    message: "can't read no-such-one (--scenario): no such file or directory",
    hint: expect.stringContaining('crash-storm') as string,
  });
});

test('a soak is cut into runs, and ends with its duration', async () => {
  const plans = (await plansOf({ asked: { durationMs: 8 * 3_600_000 } }))[Symbol.iterator]();
  expect(plans.next().value).toMatchObject({ seed: 7, durationMs: 60_000 });
  expect(plans.next().value).toMatchObject({ seed: 8, durationMs: 60_000 });
  const timed = (await plansOf({ soak: true, scenario: 'broker-loss', asked: { durationMs: 3_600_000 } }))[
    Symbol.iterator
  ]();
  expect(timed.next().value).toMatchObject({ seed: 7, durationMs: 40_000 });
  expect(timed.next().value).toMatchObject({ seed: 8, durationMs: 40_000 });
  const over = [...(await plansOf({ soak: true, asked: { durationMs: 1 } }))];
  expect(over.length).toBeLessThanOrEqual(1_000);
});
