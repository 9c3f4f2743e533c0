import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatchSums } from '../../src/count/batch-sums.ts';
import type { Tokenizer } from '../../src/count/word-classes.ts';
import { naiveCount } from './naive-count.ts';
import { sumsWords } from './sums-words.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_124);
const tokenizers = ['unicode', 'ascii'] as const satisfies readonly Tokenizer[];
const encoder = new TextEncoder();

/** Counts one value between other bytes, which must not be read. */
function expectAsDefined(value: Uint8Array, tokenizer: Tokenizer): void {
  const around = new Uint8Array(value.length + 8).fill(0x61);
  around.set(value, 4);
  const sums = new BatchSums({ tokenizer });
  sums.addRecord(around, 4, 4 + value.length);
  const expected = naiveCount([value], tokenizer);
  expect(sumsWords(sums)).toEqual(expected);
  expect(sums.distinct).toBe(expected.size);
  expect(sums.words).toBe([...expected.values()].reduce((total, count) => total + count, 0));
}

/** Pieces that are rare in random text, and that the tokenizer has reasons to get wrong. */
const pieces = fc
  .constantFrom(
    ...[
      'Σ',
      'σ',
      'ς',
      'ΑΣ',
      'ΣΑ',
      'İ',
      'I',
      'ı',
      'i\u0307',
      'ẞ',
      'ß',
      '\u212a',
      '\u212b',
      'Ⱥ',
      'ǅ',
      'é',
      'e\u0301',
      '\u0345',
      '\u00ad',
    ],
    ...[
      '_',
      '9',
      '٣',
      '½',
      'Ⅷ',
      'ⓐ',
      '👩‍👩‍👧',
      '🇩🇪',
      '𐐀',
      '𝔘',
      '汉',
      'ไทย',
      'ё',
      'Ж',
      '—',
      '’',
      '\u200d',
      '\ufeff',
      '\ufffd',
      '\0',
      '\r\n',
      ' ',
      "don't",
      'A',
      'z',
    ],
  )
  .map((piece) => encoder.encode(piece));
const broken = fc
  .constantFrom(
    ...[
      [0x80],
      [0xc0, 0xaf],
      [0xc3],
      [0xe0, 0x80, 0xaf],
      [0xe2, 0x82],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x9f, 0x98],
      [0xf0, 0x80, 0x80, 0xaf],
      [0xf4, 0x90, 0x80, 0x80],
      [0xf8],
      [0xff],
      [0xce],
    ],
  )
  .map((bytes) => Uint8Array.from(bytes));
const text = fc.string({ unit: 'binary', maxLength: 40 }).map((string) => encoder.encode(string));
const mixed = fc
  .array(fc.oneof(pieces, broken, text, fc.uint8Array({ maxLength: 6 })), { maxLength: 30 })
  .map((parts) => Buffer.concat(parts));

describe.each(tokenizers)('the %s tokenizer equals its definition', (tokenizer) => {
  test.each([
    ['random bytes', fc.uint8Array({ maxLength: 200 })],
    ['random text', text],
    ['awkward pieces between broken bytes', mixed],
    ['letters and marks without an end', fc.array(pieces, { maxLength: 200 }).map((parts) => Buffer.concat(parts))],
  ])('on %s', (_, arbitrary: fc.Arbitrary<Uint8Array>) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        expectAsDefined(value, tokenizer);
      }),
      { seed, numRuns: 3000 },
    );
  });

  test('on every code point, alone, between letters, and after a separator', () => {
    const differing: string[] = [];
    const sums = new BatchSums({ tokenizer });
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const character = String.fromCodePoint(codePoint);
      const value = encoder.encode(`${character} a${character}b ${character}X`);
      sums.reset();
      sums.addRecord(value, 0, value.length);
      const found = sumsWords(sums);
      const expected = naiveCount([value], tokenizer);
      const equal = found.size === expected.size && [...expected].every(([word, count]) => found.get(word) === count);
      if (!equal) differing.push(codePoint.toString(16));
    }
    expect(differing).toEqual([]);
  });

  test('on every two bytes, alone and between letters', () => {
    for (let first = 0x7f; first <= 0xff; first += 1) {
      const values = Array.from({ length: 256 }, (_, second) =>
        Uint8Array.of(0x41, first, second, 0x42, 0x20, first, second),
      );
      const sums = new BatchSums({ tokenizer });
      for (const value of values) sums.addRecord(value, 0, value.length);
      expect(sumsWords(sums)).toEqual(naiveCount(values, tokenizer));
    }
  });

  test.each([
    ['ASCII', 'Word', 1 << 20],
    ['two-byte letters that need three in lower case', 'Ⱥ', 1 << 19],
    ['expanding letters', 'İ', 1 << 18],
    ['sigmas', 'ΑΣ', 1 << 18],
    ['Chinese', '汉', 1 << 18],
    ['separated digits', '7 ', 1 << 18],
  ])('on a megabyte of %s', (_, piece, times) => {
    expectAsDefined(encoder.encode(piece.repeat(times)), tokenizer);
    expectAsDefined(encoder.encode(`a ${piece.repeat(times)} b`), tokenizer);
  });
});

test('sums of many records equal a Map, also after resets', () => {
  const vocabulary = fc.constantFrom(...Array.from({ length: 3000 }, (_, index) => `W${(index * index) % 4001}`));
  const record = fc.array(vocabulary, { maxLength: 400 }).map((words) => encoder.encode(words.join(', ')));
  const sums = new BatchSums({ tokenizer: 'unicode' });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 40 }), (records) => {
      sums.reset();
      for (const value of records) sums.addRecord(value, 0, value.length);
      expect(sumsWords(sums)).toEqual(naiveCount(records, 'unicode'));
      expect(sums.records).toBe(records.length);
      expect(sums.bytes).toBe(records.reduce((total, { length }) => total + length, 0));
    }),
    { seed, numRuns: 100 },
  );
});

/** Puts values into the sums' own memory as a consumer would, `gap` zero bytes between them. */
function addRows(sums: BatchSums, values: readonly (Uint8Array | null)[], gap: number): void {
  const sizeBytes = values.reduce((total, value) => total + (value?.length ?? 0) + gap, 0);
  sums.reserve({ valuesBytes: sizeBytes, rowNumbers: values.length * fields.stride });
  let start = 0;
  for (const [index, value] of values.entries()) {
    sums.rows.set([9, start, value?.length ?? -1], index * fields.stride);
    if (value === null) continue;
    sums.values.set(value, start);
    start += value.length;
    sums.values.fill(0, start, start + gap);
    start += gap;
  }
  sums.addRows(0, values.length);
}

const fields = { stride: 3, start: 1, length: 2 };

test('a row is a record, and a length below 0 is a null value', () => {
  const sums = new BatchSums({ tokenizer: 'unicode', fields });
  addRows(sums, [encoder.encode('one'), null, encoder.encode('two-two'), encoder.encode('')], 0);
  expect(sumsWords(sums)).toEqual(
    new Map([
      ['one', 1],
      ['two', 2],
    ]),
  );
  expect([sums.records, sums.nullRecords, sums.bytes, sums.words]).toEqual([4, 1, 10, 3]);
});

test.each([0, 1, 2])('no word continues from one record into the next, %i bytes away', (gap) => {
  const value = fc.option(
    fc.oneof(
      pieces,
      fc.uint8Array({ maxLength: 90 }),
      fc.string().map((text) => encoder.encode(text)),
    ),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), fc.constantFrom(...tokenizers), (values, tokenizer) => {
      const sums = new BatchSums({ tokenizer, fields });
      addRows(sums, values, gap);
      const records = values.filter((record) => record !== null);
      expect(sumsWords(sums)).toEqual(naiveCount(records, tokenizer));
      expect(sums.nullRecords).toBe(values.length - records.length);
    }),
    { seed, numRuns: 300 },
  );
});
