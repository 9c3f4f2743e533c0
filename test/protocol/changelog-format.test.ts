import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changelogTopicOf,
  decodeCount,
  encodeProgress,
  isProgressKey,
  progressRecords,
  ProgressFold,
  type ProducerRows,
  type Progress,
} from '../../src/protocol/changelog-format.ts';

const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const half = fc.nat({ max: 2 ** 32 - 1 });
const topicId = fc.stringMatching(/^[0-9a-f]{32}$/).filter((id) => /[^0]/.test(id));
const anyProgress: fc.Arbitrary<Progress> = fc.record({
  ...{ nextOffset: whole, records: whole, nullRecords: whole, bytes: whole, words: whole },
  ...{ digestLow: half, digestHigh: half, writer: whole, commit: whole },
  topicId: fc.option(topicId, { nil: undefined }),
});

interface Row {
  readonly partition: number;
  readonly key: readonly [start: number, length: number];
  readonly value: readonly [start: number, length: number];
}

function rowsOf({ rows, count }: ProducerRows): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const [partition = -1, keyStart = -1, keyLength = -1, valueStart = -1, valueLength = -1] = rows.subarray(index * 5);
    return { partition, key: [keyStart, keyLength], value: [valueStart, valueLength] };
  });
}

function fold(commits: readonly Progress[], keep: (commit: number, record: number) => boolean = () => true) {
  const progressFold = new ProgressFold();
  for (const [commit, progress] of commits.entries()) {
    const encoded = encodeProgress([{ partition: 0, progress }]);
    for (const [record, { key, value }] of rowsOf(encoded).entries()) {
      if (keep(commit, record)) progressFold.take(encoded.bytes, ...key, ...value);
    }
  }
  return progressFold.progress;
}

test('the progress of every partition of a commit is decoded as it was encoded', () => {
  fc.assert(
    fc.property(fc.array(anyProgress, { minLength: 1, maxLength: 5 }), (all) => {
      const encoded = encodeProgress(all.map((progress, index) => ({ partition: 3 * index, progress })));
      const rows = rowsOf(encoded);
      expect(rows).toHaveLength(all.length * progressRecords);
      for (const [index, progress] of all.entries()) {
        const own = rows.filter(({ partition }) => partition === 3 * index);
        const progressFold = new ProgressFold();
        for (const { key, value } of own) {
          expect(isProgressKey(encoded.bytes, ...key)).toBe(true);
          expect(progressFold.progress).toBeUndefined();
          progressFold.take(encoded.bytes, ...key, ...value);
        }
        expect(progressFold.progress).toEqual(progress);
      }
    }),
  );
});

test('keys are a zero byte and a name, values 8 bytes big endian, as other tools read them', () => {
  const progress: Progress = {
    ...{ nextOffset: 258, records: 1, nullRecords: 0, bytes: 0, words: 0, digestLow: 2 ** 32 - 1, digestHigh: 0 },
    ...{ writer: 7, commit: 1, topicId: 'ffffffffffffffff0000000000000001' },
  };
  const encoded = encodeProgress([{ partition: 0, progress }]);
  const buffer = Buffer.from(encoded.bytes.buffer);
  const records = rowsOf(encoded).map(({ key: [start, length], value: [valueStart, valueLength] }) => [
    buffer.toString('latin1', start, start + length),
    buffer.toString('hex', valueStart, valueStart + valueLength),
  ]);
  expect(records).toEqual([
    ['\0nextOffset', '0000000000000102'],
    ['\0records', '0000000000000001'],
    ['\0nullRecords', '0000000000000000'],
    ['\0bytes', '0000000000000000'],
    ['\0words', '0000000000000000'],
    ['\0digestLow', '00000000ffffffff'],
    ['\0digestHigh', '0000000000000000'],
    ['\0writer', '0000000000000007'],
    ['\0commit', '0000000000000001'],
    ['\0topicIdHigh', 'ffffffffffffffff'],
    ['\0topicIdLow', '0000000000000001'],
  ]);
  expect(changelogTopicOf('g')).toBe('g-counts-changelog');
});

test('after compaction, the progress is that of one commit, and of the last one if all its records are there', () => {
  // Compaction removes records that a later commit has written again; with one of them, all older
  // ones of its key. Of each record, the first commit in which it is left:
  const firstLeft = fc.array(fc.nat({ max: 4 }), { minLength: progressRecords, maxLength: progressRecords });
  fc.assert(
    fc.property(fc.array(anyProgress, { minLength: 1, maxLength: 5 }), firstLeft, fc.boolean(), (all, first, isCut) => {
      const last = all.length - 1;
      const isKept = (commit: number, record: number): boolean => commit >= (first[record] ?? 0);
      // A reader that stops within the last commit has read a part of it.
      const found = fold(all, (commit, record) => (commit === last ? !isCut || record < 5 : isKept(commit, record)));
      if (!isCut) expect(found).toEqual(all[last]);
      else if (found !== undefined) expect(all).toContainEqual(found);
    }),
  );
});

test('numbers of later versions are skipped, and a record of another length ends its commit', () => {
  const progressFold = new ProgressFold();
  const take = (name: string, value: number[]): void => {
    const key = [0, ...Buffer.from(name)];
    progressFold.take(Uint8Array.from([...key, ...value]), 0, key.length, key.length, value.length);
  };
  const long = (last: number): number[] => [0, 0, 0, 0, 0, 0, 0, last];
  const names = ['nextOffset', 'records', 'nullRecords', 'bytes', 'words', 'digestLow', 'digestHigh', 'writer'];
  for (const name of [...names, 'commit', 'laterNumber', 'topicIdHigh', 'topicIdLow']) take(name, long(1));
  expect(progressFold.progress?.nextOffset).toBe(1);
  for (const name of [...names, 'commit', 'topicIdHigh', 'topicIdLow']) {
    take(name, name === 'bytes' ? [2] : long(2));
  }
  expect(progressFold.progress?.nextOffset).toBe(1);
});

test('a count is 8 bytes and not negative', () => {
  expect(decodeCount(Uint8Array.from([0, 0, 0, 0, 0, 0, 1, 2]))).toBe(258);
  expect(decodeCount(Uint8Array.from([0, 0, 0, 2]))).toBeUndefined();
  expect(decodeCount(new Uint8Array(8).fill(255))).toBeUndefined();
  expect(decodeCount(Uint8Array.from([9, 0, 0, 0, 0, 0, 0, 1, 2]).subarray(1))).toBe(258);
  const word = Buffer.from('word');
  expect(isProgressKey(word, 0, word.length)).toBe(false);
  expect(isProgressKey(Uint8Array.of(0), 1, 0)).toBe(false);
});
