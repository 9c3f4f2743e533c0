import type { Connection } from '../config/connection.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import type { ReadPartition } from '../workload/reread-process.ts';
import { reread, type Reread } from '../workload/reread.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import { mergeBlock } from '../workload/naive-count.ts';

export interface CountedLogOptions {
  readonly connection: Connection;
  readonly topic: string;
  /** First counted offsets, indexed by partition. */
  readonly beginOffsets: readonly number[];
  readonly tokenizer: Tokenizer;
  /** True to reread records before they are deleted, for the comparison at the end. */
  readonly readAgain: boolean;
  readonly timeoutMs: number;
}

/**
 * A topic whose counted records are deleted during a run. The independent reader rereads each
 * record before its deletion.
 */
export class CountedLog {
  readonly #options: CountedLogOptions;
  /**
   * Records reread so far, up to `#readTo`. A failed deletion is tried again, but a second reading
   * would count records twice.
   */
  #read: ReadSoFar = { partitions: [], words: new Map() };
  #readTo: readonly number[];
  #deletedTo: readonly number[];

  constructor(options: CountedLogOptions) {
    this.#options = options;
    this.#readTo = options.beginOffsets;
    this.#deletedTo = options.beginOffsets;
  }

  /** Indexed by partition: records below these offsets have been reread and may be deleted. */
  get readTo(): readonly number[] {
    return this.#readTo;
  }

  get deletedTo(): readonly number[] {
    return this.#deletedTo;
  }

  /**
   * Rereads and then deletes the records below the offsets, which are indexed by partition.
   * @throws ClusterError as reread and Admin.deleteRecords do; deletions until then stay recorded
   */
  async deleteBefore(offsets: readonly number[], signal: AbortSignal): Promise<void> {
    const { connection, topic, tokenizer, readAgain, timeoutMs } = this.#options;
    const upTo = offsets.map((offset, partition) => Math.max(offset, this.#readTo[partition] ?? 0));
    if (readAgain) {
      const ranges = upTo.map((end, partition) => ({ partition, begin: this.#readTo[partition] ?? 0, end }));
      const found = await reread({ connection, topic, ranges, tokenizer, timeoutMs }, signal);
      this.#read = joinReads(this.#read, found);
    }
    this.#readTo = upTo;
    const admin = await Admin.connect(connection, { timeoutMs });
    try {
      await admin.deleteRecords(
        topic,
        upTo.map((offset, partition) => ({ partition, offset })),
      );
      this.#deletedTo = upTo;
    } finally {
      await admin.close();
    }
  }

  /** Joins the records reread before their deletion with `rest`, the records after them. */
  with(rest: Reread): Pick<Reread, 'partitions' | 'counts'> {
    const { partitions, words } = joinReads(this.#read, rest);
    const counts = new Map<string, number>();
    for (const perPartition of words.values()) {
      for (const [word, count] of perPartition) counts.set(word, (counts.get(word) ?? 0) + count);
    }
    return { partitions, counts };
  }
}

/** The parts of a topic that have been reread so far. */
export interface ReadSoFar {
  readonly partitions: readonly ReadPartition[];
  /** Indexed by partition: occurrences of each word. */
  readonly words: ReadonlyMap<number, ReadonlyMap<string, number>>;
}

/** Joins two reads, where `after` has the higher offsets. Pure. */
export function joinReads(before: ReadSoFar, after: Pick<Reread, 'partitions' | 'blocks'>): ReadSoFar {
  const words = new Map([...before.words].map(([partition, counts]) => [partition, new Map(counts)]));
  for (const block of after.blocks) {
    const counts = words.get(block.partition) ?? new Map<string, number>();
    mergeBlock(counts, block);
    words.set(block.partition, counts);
  }
  const partitions = after.partitions.map((read) => {
    const earlier = before.partitions.find(({ partition }) => partition === read.partition);
    const distinctWords = words.get(read.partition)?.size ?? 0;
    return earlier === undefined ? read : { ...joined(earlier, read), distinctWords };
  });
  return { partitions, words };
}

function joined(before: ReadPartition, after: ReadPartition): Omit<ReadPartition, 'distinctWords'> {
  const last = before.ranges.at(-1);
  const [next, ...others] = after.ranges;
  const touching = last !== undefined && last.end === next?.begin;
  const ranges = touching
    ? [...before.ranges.slice(0, -1), { begin: last.begin, end: next.end }, ...others]
    : [...before.ranges, ...after.ranges];
  return {
    partition: after.partition,
    holes: before.holes + after.holes,
    ranges,
    records: before.records + after.records,
    nullRecords: before.nullRecords + after.nullRecords,
    words: before.words + after.words,
    bytes: before.bytes + after.bytes,
    // Digests are sums modulo 2^64.
    digest: BigInt.asUintN(64, before.digest + after.digest),
  };
}
