import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createTable } from '../../src/count/layout.ts';
import { fence, leaseOwner, readLease } from '../../src/count/lease.ts';
import { recover } from '../../src/count/recovery.ts';
import { SharedTableMemory } from '../../src/count/table-memory.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { eventually } from '../support/eventually.ts';
import { whatIsTorn } from '../fixtures/count/torn.js';
import { seededRandom } from '../count/seeded-random.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_127);
const crashRounds = Number(process.env['TEST_CRASH_ROUNDS'] ?? 100);

function start(name: 'writer' | 'reader', workerData: object): Worker {
  return new Worker(new URL(`../fixtures/count/${name}.js`, import.meta.url), { workerData });
}

test('readers in other threads see only whole batches while a writer adds words and the table grows', async () => {
  const shape = { common: 100, own: 30 };
  const endOffset = 4000;
  const table = createTable({ nextOffset: 0, limitBytes: 2 ** 30 });
  const readers = [1, 2].map(() => start('reader', { table, endOffset, shape }));
  // Each says that it reads before there is a writer; what it found it says at the end.
  await Promise.all(readers.map((reader) => once(reader, 'message')));
  const reports = Promise.all(readers.map((reader) => once(reader, 'message')));
  const writer = start('writer', { table, owner: 0, recordsMax: 3, endOffset, shape });
  await once(writer, 'exit');
  const found = (await reports).flat() as { snapshots: number; timeouts: number; torn?: string }[];
  console.log('two readers of 4000 records:', found);
  for (const { snapshots, timeouts, torn } of found) {
    expect(torn).toBeUndefined();
    expect(timeouts).toBe(0);
    expect(snapshots).toBeGreaterThan(1);
  }
});

test.each([
  ['adding words', { common: 200, own: 100 }, 4],
  ['adding to known words', { common: 5000, own: 0 }, 1],
])('members terminated at random times while %s lose nothing and count nothing twice', async (_, shape, recordsMax) => {
  console.log(`seed ${seed}`);
  const random = seededRandom(seed);
  const outcomes = { 'not claimed': 0, 'between batches': 0, dropped: 0, replayed: 0 };
  let table = createTable({ nextOffset: 0, limitBytes: 2 ** 30, slotsLog2: 2 });
  for (let round = 0; round < crashRounds; round += 1) {
    // Tables are replaced now and then, because reading them takes longer as they grow.
    if (round % 25 === 0) table = createTable({ nextOffset: 0, limitBytes: 2 ** 30, slotsLog2: 2 });
    const reader = new TableReader(table);
    const before = reader.progress().nextOffset;
    const writer = start('writer', { table, owner: round, recordsMax, endOffset: Infinity, shape });
    // Mostly once it has begun, and sometimes while it begins.
    const early = random() < 0.1;
    const begun = (): boolean => leaseOwner(table) === round && (early || reader.progress().nextOffset > before);
    for (let waits = 0; !begun() && waits < 2000; waits += 1) await sleep(1);
    await sleep(random() * 12);
    await writer.terminate();

    const { owner, applying } = readLease(new SharedTableMemory(table));
    const atDeath = reader.progress();
    if (owner === undefined) outcomes['not claimed'] += 1;
    else {
      expect(owner).toBe(round);
      const outcome = recover(table);
      outcomes[applying ? outcome : 'between batches'] += 1;
      if (outcome === 'dropped') expect(reader.progress()).toEqual(atDeath);
    }
    const snapshot = reader.snapshot();
    expect(snapshot?.progress.nextOffset).toBeGreaterThanOrEqual(before);
    expect(snapshot && whatIsTorn(snapshot, shape)).toBeUndefined();
  }
  console.log('terminated:', outcomes);
  expect(outcomes.dropped).toBeGreaterThan(0);
});

test('a member that is fenced while it writes is refused, and the next one continues where it stopped', async () => {
  const shape = { common: 50, own: 10 };
  const table = createTable({ nextOffset: 0, limitBytes: 2 ** 30 });
  const reader = new TableReader(table);
  for (let round = 0; round < 20; round += 1) {
    const writer = start('writer', { table, owner: round, recordsMax: 4, endOffset: Infinity, shape });
    const failed = once(writer, 'error') as Promise<[Error]>;
    await eventually('it has claimed the table', () => leaseOwner(table) === round);
    await sleep(2);
    // Without a rest between two tries: the time between two batches is short.
    const deadlineMs = performance.now() + 30_000;
    while (fence(table, round) === 'busy') if (performance.now() > deadlineMs) throw new Error('busy for ever');
    const [error] = await failed;
    expect(error.message).toContain('fenced');
    expect(reader.progress().refused).toBe(round + 1);
    const snapshot = reader.snapshot();
    expect(snapshot && whatIsTorn(snapshot, shape)).toBeUndefined();
  }
});
