import { naiveWords } from '../count/naive-count.ts';

/** Two of them have the same hash, one is longer than a slot of the sums, some are beyond ASCII. */
export const sameHash = ['gehcogxxcrfk', 'czqskfuqayed'] as const;
const vocabulary = ['a', 'be', 'to', 'not', 'or', 'that', 'Straße', 'ПРИВЕТ', 'whether_tis_nobler', ...sameHash];

export interface TopicRecord {
  readonly offset: number;
  readonly value: Buffer | null;
}

/** What a table must hold when it has counted the records before an offset. */
export interface Expected {
  readonly records: number;
  readonly nullRecords: number;
  readonly bytes: number;
  readonly words: number;
  readonly counts: ReadonlyMap<string, number>;
}

const nothing: Expected = { records: 0, nullRecords: 0, bytes: 0, words: 0, counts: new Map() };

/** The records of one partition, and by a Map and strings what they come to. Offsets rise, not always by 1. */
export class TopicPartition {
  readonly beginOffset: number;
  readonly records: readonly TopicRecord[];
  /** Where the partition ends: behind the last record, or behind offsets that will never be records. */
  readonly endOffset: number;
  readonly #expected = new Map<number, Expected>();

  constructor(beginOffset: number, records: readonly TopicRecord[], gapAtEnd = 0) {
    this.beginOffset = beginOffset;
    this.records = records;
    this.endOffset = (records.at(-1)?.offset ?? beginOffset - 1) + 1 + gapAtEnd;
    this.#expected.set(beginOffset, nothing);
    let before = nothing;
    for (const { offset, value } of records) {
      before = withRecord(before, value);
      this.#expected.set(offset + 1, before);
    }
    this.#expected.set(this.endOffset, before);
  }

  /** @returns undefined when no whole number of records ends there */
  expectedAt(nextOffset: number): Expected | undefined {
    return this.#expected.get(nextOffset);
  }
}

function withRecord(before: Expected, value: Buffer | null): Expected {
  const words = value === null ? [] : naiveWords(value, 'unicode');
  const counts = new Map(before.counts);
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return {
    records: before.records + 1,
    nullRecords: before.nullRecords + (value === null ? 1 : 0),
    bytes: before.bytes + (value?.length ?? 0),
    words: before.words + words.length,
    counts,
  };
}

/** @param records - how many */
export function randomPartition(random: () => number, records: number): TopicPartition {
  const beginOffset = Math.floor(random() * 3);
  let offset = beginOffset;
  const made: TopicRecord[] = [];
  for (let index = 0; index < records; index += 1) {
    // Markers of transactions and compaction leave gaps.
    if (random() < 0.1) offset += 1 + Math.floor(random() * 2);
    made.push({ offset, value: randomValue(random) });
    offset += 1;
  }
  return new TopicPartition(beginOffset, made, random() < 0.2 ? 2 : 0);
}

function randomValue(random: () => number): Buffer | null {
  const kind = random();
  if (kind < 0.1) return null;
  const words = kind < 0.2 ? 0 : 1 + Math.floor(random() * 3);
  const pick = (): string => vocabulary[Math.floor(random() * vocabulary.length)] ?? '';
  return Buffer.from(Array.from({ length: words }, pick).join(' '));
}
