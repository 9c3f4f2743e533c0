import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ZipfSource } from '../../src/workload/zipf-source.ts';
import { ZipfWords } from '../../src/workload/zipf-words.ts';
import { countAll, takeRecords } from './naive.ts';

const plain = { vocabulary: 5_000, recordBytes: 66, seed: 7, nonAsciiShare: 0 };

async function records(options: ConstructorParameters<typeof ZipfWords>[0], count: number): Promise<Buffer[]> {
  const source = new ZipfSource(new ZipfWords(options), options.recordBytes);
  return takeRecords(source, count, { partitions: 3, records: 17, bytes: 1_000 });
}

test('the same seed gives the same bytes on every machine and in every version', async () => {
  const hash = createHash('sha256');
  for (const record of await records({ ...plain, nonAsciiShare: 0.3 }, 20_000)) hash.update(record);
  expect(hash.digest('hex')).toMatchInlineSnapshot(
    `"f7c42cc1aabb7b526ead52916b14674898180881dc5808195908107a7a4dfedf"`,
  );
});

test('another seed gives other records', async () => {
  const first = await records(plain, 100);
  const second = await records({ ...plain, seed: 8 }, 100);
  expect(first.filter((record, index) => record.equals(second[index] ?? record))).toEqual([]);
});

test('a record depends on its index only', () => {
  const words = new ZipfWords(plain);
  const again = new ZipfWords(plain);
  const bytes = (writer: ZipfWords, index: number): string => {
    const record = Buffer.alloc(plain.recordBytes);
    writer.writeRecord(index, record);
    return record.toString();
  };
  const indices = [5, 0, 2 ** 32 + 5, 99, 2 ** 40, 7];
  expect(indices.map((index) => bytes(words, index))).toEqual(
    indices
      .toReversed()
      .map((index) => bytes(again, index))
      .toReversed(),
  );
  expect(new Set(indices.map((index) => bytes(words, index))).size).toBe(indices.length);
});

test.each([1, 2, 3, 10, 66, 1_000])('a record has exactly %d bytes of valid UTF-8', async (recordBytes) => {
  for (const record of await records({ ...plain, recordBytes, nonAsciiShare: 0.5 }, 500)) {
    expect(record.length).toBe(recordBytes);
    expect(Buffer.from(record.toString()).equals(record)).toBe(true);
  }
});

test.each([1, 2, 79, 80, 81, 5_000])(
  'a vocabulary of %d has that number of distinct words, distributed by Zipf',
  async (vocabulary) => {
    const counts = countAll(await records({ ...plain, vocabulary, recordBytes: 1_000 }, 2_000));
    const frequencies = [...counts.values()].sort((a, b) => b - a);
    const total = frequencies.reduce((sum, count) => sum + count, 0);
    const harmonic = Array.from({ length: vocabulary }, (_, rank) => 1 / (rank + 1)).reduce(
      (sum, weight) => sum + weight,
      0,
    );
    if (vocabulary <= 81) expect(counts.size).toBe(vocabulary);
    else expect(counts.size).toBeLessThanOrEqual(vocabulary);
    for (const rank of [0, 1, 2, 9, 49].filter((candidate) => candidate < vocabulary)) {
      const expected = total / ((rank + 1) * harmonic);
      // Six standard deviations, and a little for words that are cut at a record's end.
      expect(Math.abs((frequencies[rank] ?? 0) - expected)).toBeLessThan(6 * Math.sqrt(expected) + expected * 0.02);
    }
  },
);

test('a share of the words is not ASCII', async () => {
  const counts = countAll(await records({ ...plain, nonAsciiShare: 0.25, recordBytes: 10_000 }, 500));
  const foreign = [...counts.keys()].filter((word) => /[^\0-\x7f]/.test(word)).length;
  expect(foreign / counts.size).toBeGreaterThan(0.23);
  expect(foreign / counts.size).toBeLessThan(0.27);
});
