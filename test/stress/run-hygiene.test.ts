import { expect, test } from 'vitest';
import { createTable, control } from '../../src/count/layout.ts';
import { memoryOf } from '../../src/count/table-memory.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { ProcessSeries } from '../../src/stress/process-series.ts';
import { runHygiene } from '../../src/stress/run-hygiene.ts';
import { testCluster } from '../support/test-cluster.ts';

const connection = { bootstrapServers: '127.0.0.1:1', source: 'external', properties: {} } as const;

test('a table without an owner whose journal is sealed is a leftover', async () => {
  const tables = [0, 1].map(() => createTable({ nextOffset: 0, limitBytes: 2 ** 20 }));
  const readers = tables.map((table) => new TableReader(table));
  const { supervisor } = testCluster({ connection, topic: 'words', beginOffsets: [0, 0] });
  const series = new ProcessSeries();
  await series.begin();
  const leftovers = async (): Promise<readonly string[] | undefined> => {
    const found = await runHygiene({ readers, snapshot: () => supervisor.snapshot() }, series);
    return found?.leftovers;
  };
  expect(await leftovers()).toEqual([]);
  const [, second] = tables;
  if (second !== undefined) memoryOf(second).store(control.journalSealed, 1);
  expect(await leftovers()).toEqual(['the journal of partition 1 is still sealed']);
});
