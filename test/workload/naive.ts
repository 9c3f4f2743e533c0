import { RecordBatch, RecordDealer } from '../../src/workload/record-batch.ts';
import type { RecordSource } from '../../src/workload/record-source.ts';

/**
 * The first `recordsMax` records of a source, taken through small batches so that every way of
 * being full occurs.
 */
export async function takeRecords(
  source: RecordSource,
  recordsMax: number,
  options: { readonly partitions: number; readonly records: number; readonly bytes: number },
): Promise<Buffer[]> {
  const batches = Array.from({ length: options.partitions }, () => new RecordBatch(options));
  const dealer = new RecordDealer(batches);
  const partitions = batches.map((): Buffer[] => []);
  for (let taken = 0; taken < recordsMax;) {
    const filled = await source.fill(dealer, recordsMax - taken);
    taken += filled;
    const sent = batches.reduce((sum, { count }) => sum + count, 0);
    for (const [partition, batch] of batches.entries()) {
      for (const value of valuesOf(batch)) partitions[partition]?.push(value);
    }
    dealer.clear();
    if (filled === 0 && sent === 0) break;
  }
  await source.close();
  const total = partitions.reduce((sum, { length }) => sum + length, 0);
  return Array.from({ length: total }, (_, index) => {
    const value = partitions[index % options.partitions]?.[Math.floor(index / options.partitions)];
    if (value === undefined) throw new Error(`record ${index} is not in its partition`);
    return value;
  });
}

export function valuesOf(batch: RecordBatch): Buffer[] {
  return Array.from({ length: batch.count }, (_, index) =>
    Buffer.from(batch.values.subarray(index === 0 ? 0 : batch.ends[index - 1], batch.ends[index])),
  );
}

/** The definition of a word, once more. */
export function countAll(values: Iterable<Uint8Array>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    for (const word of new TextDecoder().decode(value).match(/[\p{L}\p{M}\p{N}_]+/gu) ?? []) {
      const lowered = word.toLowerCase();
      counts.set(lowered, (counts.get(lowered) ?? 0) + 1);
    }
  }
  return counts;
}
