import assert from 'node:assert';
import { vocabularyMax } from '../config/options/workload-options.ts';

export interface ZipfOptions {
  /** Number of distinct words, 1 to 10 million. */
  readonly vocabulary: number;
  /** Size of every record in bytes. */
  readonly recordBytes: number;
  /** Integer; only its low 32 bits are used. */
  readonly seed: number;
  /**
   * Share of the vocabulary, 0 to 1, written in Cyrillic, Greek or accented Latin, with two or more
   * bytes per letter.
   */
  readonly nonAsciiShare: number;
}

const vowels = ['a', 'e', 'i', 'o', 'u'];
/**
 * Words are numbers written in syllables, so that all words differ and frequent words are short.
 */
const alphabets = [
  syllables('bcdfghjklmnprstv', vowels),
  syllables('бвгджзклмнпрстфх', ['а', 'е', 'и', 'о', 'у']),
  syllables('βγδζθκλμνπρστφχψ', ['α', 'ε', 'η', 'ι', 'ς']),
  syllables('bcdfghjklmnprstv', ['à', 'é', 'î', 'ö', 'ů']),
] as const;

const space = 0x20;
const filler = 0x2e;
const lowerA = 0x61;
const lowerZ = 0x7a;

/** The vocabulary: the word of rank r, from 0, is `bytes[ends[r - 1], ends[r])`. */
interface Vocabulary {
  readonly bytes: Uint8Array;
  readonly ends: Int32Array;
}

/**
 * Seeded words whose frequency falls with their rank as 1/rank (Zipf). All arithmetic is on
 * integers or divides, so the bytes are the same on every machine and engine. Record i does not
 * depend on the records before it, so any thread can create any part.
 */
export class ZipfWords {
  readonly #options: ZipfOptions;
  readonly #vocabulary: Vocabulary;
  /**
   * Alias table (Walker, Vose), two numbers per column: column c stays c when a 32-bit draw is
   * below columns[2 c], otherwise it becomes columns[2 c + 1]. The two are adjacent, because a
   * table of many words is larger than a cache.
   */
  readonly #columns: Uint32Array;

  constructor(options: ZipfOptions) {
    const { vocabulary, recordBytes, nonAsciiShare } = options;
    assert(Number.isInteger(vocabulary) && vocabulary >= 1 && vocabulary <= vocabularyMax);
    assert(Number.isInteger(recordBytes) && recordBytes >= 1);
    assert(nonAsciiShare >= 0 && nonAsciiShare <= 1);
    this.#options = options;
    this.#vocabulary = makeVocabulary(vocabulary, nonAsciiShare);
    this.#columns = makeAliasTable(vocabulary);
  }

  /**
   * Writes record `index` over the first `recordBytes` bytes of `target`: a capital letter first,
   * spaces between words, dots where no further word fits.
   */
  writeRecord(index: number, target: Uint8Array): void {
    const { recordBytes, seed } = this.#options;
    const { bytes, ends } = this.#vocabulary;
    const columns = this.#columns;
    const size = ends.length;
    let state = mix(mix(seed ^ 0x9e3779b9) ^ mix(index >>> 0) ^ mix(Math.floor(index / 2 ** 32) + 0x51ed27));
    let offset = 0;
    for (;;) {
      state = (state + 0x6d2b79f5) | 0;
      const column = Math.floor(((mix(state) >>> 0) * size) / 2 ** 32);
      state = (state + 0x6d2b79f5) | 0;
      const draw = mix(state) >>> 0;
      const rank = draw < (columns[2 * column] ?? 0) ? column : (columns[2 * column + 1] ?? 0);
      const start = rank === 0 ? 0 : (ends[rank - 1] ?? 0);
      const length = (ends[rank] ?? 0) - start;
      const gap = offset === 0 ? 0 : 1;
      if (offset + gap + length > recordBytes) break;
      if (gap === 1) target[offset] = space;
      offset += gap;
      for (let byte = 0; byte < length; byte += 1) target[offset + byte] = bytes[start + byte] ?? 0;
      offset += length;
    }
    for (; offset < recordBytes; offset += 1) target[offset] = filler;
    const first = target[0] ?? 0;
    if (first >= lowerA && first <= lowerZ) target[0] = first - space;
  }
}

function syllables(consonants: string, endings: readonly string[]): readonly Buffer[] {
  return Array.from(consonants).flatMap((consonant) => endings.map((vowel) => Buffer.from(consonant + vowel)));
}

/**
 * A 32-bit hash in which every bit of the input changes about half of the bits of the output
 * (murmur3's finaliser).
 */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function makeVocabulary(size: number, nonAsciiShare: number): Vocabulary {
  const ends = new Int32Array(size);
  let bytes = Buffer.allocUnsafeSlow(Math.max(1_024, size * 10));
  let end = 0;
  for (let rank = 0; rank < size; rank += 1) {
    // Distributed evenly over the ranks, so that the share holds among frequent words too.
    const nonAscii = Math.floor((rank + 1) * nonAsciiShare) > Math.floor(rank * nonAsciiShare);
    const alphabet = nonAscii ? alphabets[1 + (rank % 3)] : alphabets[0];
    if (end + 64 > bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2);
    end = writeWord(rank, alphabet ?? alphabets[0], bytes, end);
    ends[rank] = end;
  }
  return { bytes, ends };
}

/** Writes the rank in bijective numeration, least significant syllable first. */
function writeWord(rank: number, alphabet: readonly Buffer[], target: Buffer, start: number): number {
  const base = alphabet.length;
  let end = start;
  for (let rest = rank + 1; rest > 0; rest = Math.floor((rest - 1) / base)) {
    end += alphabet[(rest - 1) % base]?.copy(target, end) ?? 0;
  }
  return end;
}

/**
 * Vose's method for the weights 1/1, 1/2, … 1/n. They fall with the rank, so the columns above the
 * average and those below it are two ranges, and no worklists are needed.
 */
function makeAliasTable(size: number): Uint32Array {
  let sum = 0;
  for (let rank = 0; rank < size; rank += 1) sum += 1 / (rank + 1);
  const scaled = Float64Array.from({ length: size }, (_, rank) => size / ((rank + 1) * sum));
  const columns = new Uint32Array(2 * size);
  for (let column = 0; column < size; column += 1) {
    columns[2 * column] = 0xffffffff;
    columns[2 * column + 1] = column;
  }
  const settle = (column: number, alias: number): void => {
    const weight = scaled[column] ?? 0;
    columns[2 * column] = Math.floor(weight * 2 ** 32);
    columns[2 * column + 1] = alias;
    scaled[alias] = (scaled[alias] ?? 0) - (1 - weight);
  };
  const firstSmall = scaled.findIndex((weight) => weight < 1);
  let large = 0;
  for (let small = firstSmall; small >= 0 && small < size; small += 1) {
    settle(small, large);
    // A large column that has become smaller than 1 is filled by the next.
    for (; (scaled[large] ?? 0) < 1 && large + 1 < firstSmall; large += 1) settle(large, large + 1);
  }
  return columns;
}
