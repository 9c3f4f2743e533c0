/**
 * The records of a changelog: a compacted topic with the counts of a group, readable by any Kafka
 * tool. Partition i belongs to partition i of the counted topic. Every value is a signed 64-bit
 * big-endian number. The key of a word is its UTF-8 text, and its value the absolute count. The
 * progress of a partition is one record per number, because a tool that prints longs fails on longer
 * values; such a key is a zero byte, which no word contains, and the number's name in ASCII.
 */
export function changelogTopicOf(groupId: string): string {
  return `${groupId}-counts-changelog`;
}

/** What a partition's table contained at a commit. */
export interface Progress {
  /** Offset in the counted topic from which the next owner continues. */
  readonly nextOffset: number;
  readonly records: number;
  readonly nullRecords: number;
  readonly bytes: number;
  readonly words: number;
  /** Digest of the counted records, modulo 2^64: its halves, each 0 to 2^32 - 1. */
  readonly digestLow: number;
  readonly digestHigh: number;
  /** Random number of the member's thread and number of its commit, from 1: name the transaction. */
  readonly writer: number;
  readonly commit: number;
  /** Id of the counted topic, 32 hexadecimal digits; undefined when the brokers report none. */
  readonly topicId: string | undefined;
}

/** Records for a producer: `rowFields` numbers each, with positions in `bytes`. */
export interface ProducerRows {
  readonly bytes: Uint8Array;
  /** Partition, start and length of the key, start and length of the value. */
  readonly rows: Float64Array;
  readonly count: number;
}

const rowFields = 5;
const valueBytes = 8;

const numberNames = [
  'nextOffset',
  'records',
  'nullRecords',
  'bytes',
  'words',
  'digestLow',
  'digestHigh',
  'writer',
  'commit',
] as const satisfies readonly (keyof Progress)[];
type NumberName = (typeof numberNames)[number];
/** In the order of the records within a commit. */
const names = [...numberNames, 'topicIdHigh', 'topicIdLow'] as const;

/** Keys by the number's position in `names`. */
const keys = names.map((name) => Uint8Array.from([0, ...Array.from(name, (letter) => letter.charCodeAt(0))]));
const keysBytes = keys.reduce((sum, { length }) => sum + length, 0);
const keyStarts = keys.map((_, index) => keys.slice(0, index).reduce((sum, { length }) => sum + length, 0));
const allKeys = Uint8Array.from(keys.flatMap((key) => [...key]));

export const progressRecords = names.length;

/** The progress records of one commit, in the order in which they must be produced. */
export function encodeProgress(
  partitions: readonly { readonly partition: number; readonly progress: Progress }[],
): ProducerRows {
  const count = partitions.length * progressRecords;
  // All partitions share the bytes of the keys.
  const bytes = new Uint8Array(keysBytes + count * valueBytes);
  bytes.set(allKeys);
  const view = new DataView(bytes.buffer);
  const rows = new Float64Array(count * rowFields);
  let row = 0;
  for (const { partition, progress } of partitions) {
    const [high, low] = idHalves(progress.topicId);
    const values = [...numberNames.map((name) => BigInt(progress[name])), high, low];
    for (const [index, value] of values.entries()) {
      const start = keysBytes + row * valueBytes;
      view.setBigInt64(start, value);
      rows.set([partition, keyStarts[index] ?? 0, keys[index]?.length ?? 0, start, valueBytes], row * rowFields);
      row += 1;
    }
  }
  return { bytes, rows, count };
}

/** Whether the key that begins there belongs to a progress record and not to a word. */
export function isProgressKey(bytes: Uint8Array, keyStart: number, keyLength: number): boolean {
  return keyLength > 0 && bytes[keyStart] === 0;
}

/**
 * The count in the value of a word.
 * @returns undefined for a value that is not a count
 */
export function decodeCount(value: Uint8Array): number | undefined {
  const count = value.length === valueBytes ? Number(longAt(value, 0)) : NaN;
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/**
 * Collects the progress records of one partition, in the order of their offsets. A commit counts
 * only when all of its records were seen in a row: compaction may have removed some of an older one,
 * whose numbers must not mix with those of another commit.
 */
export class ProgressFold {
  readonly #values = new BigInt64Array(progressRecords);
  #expected = 0;
  #progress: Progress | undefined;

  /** Progress of the last complete commit; undefined before the first. */
  get progress(): Progress | undefined {
    return this.#progress;
  }

  /** Some records of a commit's progress were seen, and the others will follow. */
  get isWithin(): boolean {
    return this.#expected > 0 && this.#expected < progressRecords;
  }

  /** Takes a record whose key `isProgressKey`. Numbers with other names are of later versions. */
  take(bytes: Uint8Array, keyStart: number, keyLength: number, valueStart: number, length: number): void {
    const index = keys.findIndex((key) => isEqual(key, bytes, keyStart, keyLength));
    if (index === -1) return;
    if (index === 0) this.#expected = 0;
    if (index !== this.#expected || length !== valueBytes) {
      this.#expected = -1;
      return;
    }
    this.#values[index] = longAt(bytes, valueStart);
    this.#expected += 1;
    if (this.#expected === progressRecords) this.#progress = decode(this.#values);
  }
}

function decode(values: BigInt64Array): Progress {
  const numbers = numberNames.map((name, index) => [name, Number(values[index])] as const);
  const [high = 0n, low = 0n] = values.subarray(numberNames.length);
  // The only cast: the entries have exactly the names of the type.
  return { ...(Object.fromEntries(numbers) as Record<NumberName, number>), topicId: idOf(high, low) };
}

function isEqual(key: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  return key.length === length && key.every((byte, index) => bytes[start + index] === byte);
}

function longAt(bytes: Uint8Array, start: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset + start, valueBytes).getBigInt64(0);
}

function idHalves(topicId: string | undefined): [high: bigint, low: bigint] {
  if (topicId === undefined) return [0n, 0n];
  const half = (digits: string): bigint => BigInt.asIntN(64, BigInt(`0x${digits}`));
  return [half(topicId.slice(0, 16)), half(topicId.slice(16))];
}

function idOf(high: bigint, low: bigint): string | undefined {
  if (high === 0n && low === 0n) return undefined;
  return [high, low].map((half) => BigInt.asUintN(64, half).toString(16).padStart(16, '0')).join('');
}
