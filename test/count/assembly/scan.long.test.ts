import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatchSums } from '../../../src/count/batch-sums.ts';
import type { Tokenizer } from '../../../src/count/word-classes.ts';
import { naiveCount } from '../naive-count.ts';
import { sumsWords } from '../sums-words.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_261_129);
const tokenizers = ['unicode', 'ascii'] as const satisfies readonly Tokenizer[];
const encoder = new TextEncoder();

/** Text with capitals, digits and the script's own punctuation, 100 to 200 bytes of UTF-8. */
const scripts: Readonly<Record<string, string>> = {
  Cyrillic: 'Зовите меня Измаил. Ёлка, ёж — ЩИТ і ѐ; «Ахав» № 7, ӐӑӾ ҂Ѻ съешь, объявление ВЫСОКОГОРНЫЙ-остров…',
  Greek: 'Ὀδυσσεύς, ΟΔΥΣΣΕΥΣ· Ἀχιλλεύς; τί; Σίσυφος ΣΑΣ ϏϏ ΐ Ϊ ΰ «ἄνδρα μοι ἔννεπε» ᾼ ᾳ ᾈ ϴ ʹ Ά',
  Arabic: 'اسمي إسماعيل، قبل سنوات؛ لماذا؟ ١٢٣٫٤٪ كـتاب مُحَمَّد ﷲ ﻻ پچژگ ۴۵۶ ۔ ۝ لا٭',
  Hebrew: 'קראו לי ישמעאל׃ שָׁלוֹם־עולם, ״ספר״ ׳א׳ ﬀ שּׁ',
  Hindi: 'मुझे इश्माएल कहो। कुछ साल पहले॥ क़िताब ज़्यादा १२३ ॰ ॐ हिन्दी, श्री कृष्ण ऽ',
  Thai: 'เรียกฉันว่าอิชมาเอล ฿๑๒๓ ๏ กำ ฯลฯ ๆ น้ำ',
  Japanese: '私をイシュメールと呼んでくれ。「何年か前」、ラーメン・カレー々〆ヽゝ゛゜゠ぁ㈱ｶﾞ、ＡＢｃ１＿！〜ー',
  Chinese: '叫我以實瑪利吧。幾年前——別管它究竟多少年，《白鯨》；〇〡䷀㐀䶿一鿿豈𠀀吧！Ａ',
  Korean: '나를 이슈마엘이라고 불러 다오. 몇 해 전, 가힣ᄀ ㄱㅎ〔한글〕 ힰퟻ',
  'accented Latin': 'Žluťoučký KŮŇ úpěl, ÀÉÎÕÜ ×÷ ß ẞ İstanbul ıŞĞ Ÿÿ Łódź ªº «Œuvre» Ð Ǆǅǆ ȺȾ Ḁạ Ｆ',
  'letters with other lengths in lower case': 'KelvinK ÅÅ ΩΩ Ⱦa İİ Ɐɐ ꞲᲐ ᏸᏰ ꭰ Ⅷⅷ 𐐀𐐨 𝔘 ⓐⒶ',
  'marks, joiners and emoji':
    'e\u0301a\u0345 \u200dx\u200c \ufeffb\u00ad 👩\u200d👩\u200d👧 🇩🇪 ©™ “don’t” ‘a’ †x‡ ‿⁀ ⁊ ⁿ₁ €5',
};
const samples = Object.entries(scripts).map(([script, text]) => ({ script, bytes: encoder.encode(text) }));

/** A letter and its capital; in scripts without capitals, two letters. */
const letterPairs = [
  ['a', 'A'],
  ['я', 'Я'],
  ['ω', 'Ω'],
  ['क', 'ा'],
  ['文', '一'],
  ['é', 'É'],
  ['σ', 'Σ'],
] as const;

/** Sequences that no UTF-8 text contains, or only as the beginning of a longer one. */
const broken = [
  ...[[0x80], [0xbf, 0xbf], [0xc0, 0xaf], [0xc1], [0xc3], [0xd0], [0xd0, 0xd0], [0xe0, 0x80, 0xaf], [0xe0, 0xa4]],
  ...[[0xe3], [0xe3, 0x81], [0xe4, 0xb8, 0x41], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf0, 0x9f, 0x98], [0xf0]],
  ...[[0xf0, 0x80, 0x80, 0xaf], [0xf0, 0x9f], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xf8], [0xff]],
].map((bytes) => Uint8Array.from(bytes));

const sums = { unicode: new BatchSums({ tokenizer: 'unicode' }), ascii: new BatchSums({ tokenizer: 'ascii' }) };

/** @returns false when the sums differ from the definition; the value is between letters */
function isAsDefined(value: Uint8Array, tokenizer: Tokenizer): boolean {
  const around = new Uint8Array(value.length + 8).fill(0x61);
  around.set(value, 4);
  // The bytes after the value would complete a sequence that it leaves incomplete.
  around.fill(0xb0, 4 + value.length);
  const counted = sums[tokenizer];
  counted.reset();
  counted.addRecord(around, 4, 4 + value.length);
  const expected = naiveCount([value], tokenizer);
  const words = sumsWords(counted);
  const total = [...expected.values()].reduce((sum, count) => sum + count, 0);
  return (
    counted.words === total &&
    words.size === expected.size &&
    [...expected].every(([word, count]) => words.get(word) === count)
  );
}

function padded(pad: number, filler: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(filler.repeat(pad)), bytes]);
}

describe.each(tokenizers)('the %s tokenizer equals its definition', (tokenizer) => {
  test.each(samples)('on $script at each position of the 64-byte step', ({ bytes }) => {
    const differing: string[] = [];
    for (const filler of [' ', 'Q', 'ж', '文', '。']) {
      for (let pad = 0; pad <= 66; pad += 1) {
        if (!isAsDefined(padded(pad, filler, bytes), tokenizer)) differing.push(`${filler} ${pad}`);
      }
    }
    expect(differing).toEqual([]);
  });

  test('on every code point of two and three bytes among letters of as many bytes', () => {
    const differing: string[] = [];
    for (let codePoint = 0x80; codePoint <= 0xffff; codePoint += 1) {
      const character = String.fromCodePoint(codePoint);
      const letters = codePoint < 0x800 ? 'ж '.repeat(12) : '文 '.repeat(8);
      const value = encoder.encode(`${letters}${character}${character}x ${character}`);
      if (!isAsDefined(value, tokenizer)) differing.push(codePoint.toString(16));
    }
    expect(differing).toEqual([]);
  });

  test.each(samples)('on $script that begins and ends at each byte', ({ bytes }) => {
    const differing: string[] = [];
    for (let at = 0; at <= bytes.length; at += 1) {
      for (const part of [
        bytes.subarray(at),
        bytes.subarray(0, at),
        padded(64 - (at % 3), '.', bytes.subarray(0, at)),
      ]) {
        if (!isAsDefined(part, tokenizer)) differing.push(`${at} of ${part.length}`);
      }
    }
    expect(differing).toEqual([]);
  });

  test.each(samples)('on $script with invalid bytes at each position', ({ bytes }) => {
    const differing: string[] = [];
    for (let at = 0; at <= bytes.length; at += 1) {
      for (const [index, piece] of broken.entries()) {
        const inserted = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
        const replaced = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + piece.length)]);
        for (const value of [inserted, replaced]) {
          if (!isAsDefined(value, tokenizer)) differing.push(`${index} at ${at}`);
        }
      }
    }
    expect(differing).toEqual([]);
  });

  test('on words of each length up to 70 bytes and around a chunk of 2 KiB', () => {
    const lengths = [...Array.from({ length: 70 }, (_, index) => index + 1), 2046, 2047, 2048, 2049, 4100, 9000];
    const differing: string[] = [];
    for (const [letter, capital] of letterPairs) {
      for (const length of lengths) {
        const word = letter.repeat(length);
        const text = `${word} ${capital}${word} ${word}${capital},${word}x ${word}`;
        if (!isAsDefined(encoder.encode(text), tokenizer)) differing.push(`${letter} ${length}`);
      }
    }
    expect(differing).toEqual([]);
  });

  test(`on random texts of all scripts with broken sequences, seed ${seed}`, () => {
    const words = Object.values(scripts).flatMap((text) => text.split(' '));
    const letters = Object.values(scripts).flatMap((text) => Array.from(text));
    const encoded = (texts: readonly string[]): fc.Arbitrary<Uint8Array> =>
      fc.constantFrom(...texts).map((text) => encoder.encode(text));
    const piece = fc.oneof(
      { weight: 6, arbitrary: encoded(words) },
      { weight: 4, arbitrary: encoded(letters) },
      { weight: 4, arbitrary: encoded([' ', '-', '_', 'Word', 'another', '7']) },
      { weight: 1, arbitrary: fc.constantFrom(...broken) },
    );
    const text = fc.array(piece, { maxLength: 400, size: 'max' }).map((parts) => Buffer.concat(parts));
    fc.assert(
      fc.property(text, (value) => isAsDefined(value, tokenizer)),
      { seed, numRuns: 1500 },
    );
  });

  test(`on records that are scanned together, seed ${seed}`, () => {
    const fields = { stride: 2, start: 0, length: 1 };
    const part = fc.oneof(fc.constantFrom(...samples.map(({ bytes }) => bytes)), fc.constantFrom(...broken));
    const record = fc
      .tuple(part, fc.nat({ max: 200 }), fc.nat({ max: 200 }))
      .map(([bytes, from, to]) => bytes.subarray(Math.min(from, to), Math.max(from, to)));
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 60 }), (records) => {
        const counted = new BatchSums({ tokenizer, fields });
        const sizeBytes = records.reduce((total, { length }) => total + length + 1, 0);
        counted.reserve({ valuesBytes: sizeBytes, rowNumbers: 2 * records.length });
        let start = 0;
        for (const [index, value] of records.entries()) {
          counted.values.set(value, start);
          counted.rows.set([start, value.length], 2 * index);
          start += value.length + 1;
        }
        counted.addRows(0, records.length);
        expect(sumsWords(counted)).toEqual(naiveCount(records, tokenizer));
      }),
      { seed, numRuns: 400 },
    );
  });
});
