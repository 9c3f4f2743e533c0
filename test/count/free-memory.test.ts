import { expect, test } from 'vitest';
import { createTable } from '../../src/count/layout.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { sumsOf } from './known-table.ts';

test.each([16, 18, 20])('a new table of 2^%i slots takes a word when 63 KiB are left below its limit', (slotsLog2) => {
  const empty = createTable({ nextOffset: 0, limitBytes: 1 << 25, slotsLog2 });
  const table = createTable({ nextOffset: 0, limitBytes: empty.byteLength + 63 * 1_024, slotsLog2 });
  const writer = new TableWriter(table);
  writer.claim(0);
  expect(writer.apply(sumsOf(['word']), { nextOffset: 1 })).toEqual({ type: 'applied' });
});
