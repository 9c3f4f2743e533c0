import { expect, test } from 'vitest';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { createTable } from '../../src/count/layout.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { crashRecord } from '../fixtures/count/crash-records.js';
import { CrashOracle } from './crash-oracle.ts';
import { runCrashes } from './run-crashes.ts';

test('threads terminated inside the commit lose nothing and count nothing twice', async () => {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
  console.log(`npm run test:crash -- --terminations 20 --seed ${seed}`);
  const { inside, replayed, phases } = await runCrashes({ terminations: 20, seed });
  console.log(phases);
  expect(inside).toBe(20);
  expect(replayed).toBe(20);
});

test('the oracle detects one record too few, too many, or another one', () => {
  const differs = (offsets: readonly number[]): string | undefined => {
    const table = createTable({ nextOffset: 0, limitBytes: 1 << 26 });
    const writer = new TableWriter(table);
    writer.claim(0);
    const sums = new BatchSums({ tokenizer: 'unicode' });
    for (const offset of offsets) {
      const value = crashRecord(5, 0, offset);
      sums.addRecord(value, 0, value.length);
    }
    writer.apply(sums, { nextOffset: 4 });
    const snapshot = new TableReader(table).snapshot();
    return snapshot && new CrashOracle(5).difference(snapshot);
  };
  expect(differs([0, 1, 2, 3])).toBeUndefined();
  for (const wrong of [
    [0, 1, 2],
    [0, 1, 2, 3, 4],
    [0, 1, 2, 2],
    [0, 1, 2, 4],
  ])
    expect(differs(wrong)).toBeDefined();
});
