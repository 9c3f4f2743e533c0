import { BatchSums } from '../../src/count/batch-sums.ts';

/** The columns of a record that was read with its key, as the changelog reader reports them. */
export const keyedFields = { stride: 6, partition: 0, offset: 1, keyStart: 2, keyLength: 3, start: 4, length: 5 };

/** undefined means null. */
export interface ChangelogRecord {
  readonly key: Uint8Array | undefined;
  readonly value: Uint8Array | undefined;
}

export function countRecord(word: string, count: bigint | number): ChangelogRecord {
  const value = Buffer.alloc(8);
  value.writeBigInt64BE(BigInt(count));
  return { key: Buffer.from(word), value };
}

/** @returns the sums and the number of malformed records */
export function sumsOfRecords(
  records: readonly ChangelogRecord[],
  sums = new BatchSums({ tokenizer: 'unicode', fields: keyedFields }),
): { readonly sums: BatchSums; readonly malformed: number } {
  const lengthOf = (bytes: Uint8Array | undefined): number => bytes?.length ?? 0;
  const size = records.reduce((total, { key, value }) => total + lengthOf(key) + lengthOf(value), 0);
  sums.reserve({ valuesBytes: size, rowNumbers: records.length * keyedFields.stride });
  let end = 0;
  const place = (bytes: Uint8Array | undefined): [number, number] => {
    const start = end;
    if (bytes === undefined) return [start, -1];
    sums.values.set(bytes, start);
    end += bytes.length;
    return [start, bytes.length];
  };
  for (const [index, { key, value }] of records.entries()) {
    sums.rows.set([3, index, ...place(key), ...place(value)], index * keyedFields.stride);
  }
  sums.reset();
  return { sums, malformed: sums.setRows(0, records.length) };
}
