import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findInputFiles } from '../../src/workload/input-files.ts';
import { referenceCounts } from '../../src/workload/reference-counts.ts';
import { openWorkload, type Workload } from '../../src/workload/workload.ts';
import { countAll, takeRecords } from './naive.ts';

const folder = mkdtempSync(join(tmpdir(), 'reference-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
writeFileSync(join(folder, 'a.txt'), 'Der Σίσυφος, der STEIN\r\n\r\nund İstanbul\n');
writeFileSync(join(folder, 'b.txt'), Buffer.from('caf\xc3\xa9 caf\xe9 e\xcc\x81\xf0\x9f\x98\x80x_1\nno end', 'latin1'));

async function workloads(): Promise<[string, Workload, number][]> {
  const zipf = { type: 'zipf', vocabulary: 3_000, recordBytes: 80, seed: 3, nonAsciiShare: 0.2 } as const;
  return [
    ['the book', { type: 'book' }, 40_000],
    ['files', { type: 'files', files: await findInputFiles([folder]) }, 23],
    ['Zipf words', zipf, 50_000],
  ];
}

test.each(await workloads())('%s: the reference is the count of all records produced', async (_, workload, records) => {
  const values = await takeRecords(openWorkload(workload, { repeat: true }), records, {
    partitions: 4,
    records: 500,
    bytes: 9_999,
  });
  const reference = await referenceCounts(workload, { records, tokenizer: 'unicode' });
  const expected = countAll(values);
  expect(values).toHaveLength(records);
  expect(reference.records).toBe(records);
  expect(reference.words).toBe([...expected.values()].reduce((sum, count) => sum + count, 0));
  expect(new Map([...reference.counts].sort())).toEqual(new Map([...expected].sort()));
});

test.each(await workloads())('%s: a part of each partition can be counted', async (_, workload, records) => {
  const limits = [0, 1, Math.floor(records / 9), Math.floor(records / 5)];
  const values = await takeRecords(openWorkload(workload, { repeat: true }), records, {
    partitions: 4,
    records: 500,
    bytes: 9_999,
  });
  const part = values.filter((_value, index) => Math.floor(index / 4) < (limits[index % 4] ?? 0));
  const reference = await referenceCounts(workload, { records: limits, tokenizer: 'unicode' });
  expect(reference.records).toBe(limits.reduce((sum, limit) => sum + limit, 0));
  expect(new Map([...reference.counts].sort())).toEqual(new Map([...countAll(part)].sort()));
});

test('the ascii tokenizer finds only ASCII words', async () => {
  const files = await findInputFiles([join(folder, 'b.txt')]);
  const { counts } = await referenceCounts({ type: 'files', files }, { records: 1, tokenizer: 'ascii' });
  expect([...counts].sort()).toEqual([
    ['caf', 2],
    ['e', 1],
    ['x_1', 1],
  ]);
});

test('a file that was deleted meanwhile is an error with its code and path', async () => {
  const path = join(folder, 'gone.txt');
  const workload: Workload = { type: 'files', files: [{ path, sizeBytes: 10 }] };
  await expect(referenceCounts(workload, { records: 1, tokenizer: 'unicode' })).rejects.toMatchObject({
    code: 'input',
  });
});

test('an abort ends it with the reason given', async () => {
  const controller = new AbortController();
  const reason = new Error('stop');
  const workload: Workload = { type: 'zipf', vocabulary: 1_000, recordBytes: 100, seed: 1, nonAsciiShare: 0 };
  const count = referenceCounts(workload, { records: 1e9, tokenizer: 'unicode', signal: controller.signal });
  setTimeout(() => {
    controller.abort(reason);
  }, 300);
  await expect(count).rejects.toBe(reason);
});
