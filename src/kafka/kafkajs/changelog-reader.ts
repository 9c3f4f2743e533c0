import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { decodeCount, isProgressKey, ProgressFold, type Progress } from '../../protocol/changelog-format.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { Admin } from './admin.ts';
import { readIndependently, type OffsetRange } from './independent-reader.ts';

/** Receives the counts of one partition. */
export interface ChangelogSink {
  /**
   * @param key - the word; later contents of its memory are other words
   * @param count - from 0, which removes the word
   * @returns false when it cannot be a count of this changelog
   */
  set(key: Uint8Array, count: number): boolean;
  /** Called at the end of the partition. @returns the sum of the counts */
  end(): number;
}

/** A partition of a changelog as of its last commit. */
export interface ChangelogPartition<Counts = ReadonlyMap<string, number>> {
  readonly partition: number;
  readonly counts: Counts;
  /** Sum of the counts. */
  readonly words: number;
  /** Undefined before the first commit. */
  readonly progress: Progress | undefined;
  /** The records that it was read from: words and progress, repeated words included. */
  readonly read: RecordVolume;
}

export interface RecordVolume {
  readonly records: number;
  /** Of keys and values. */
  readonly bytes: number;
}

export interface ReadChangelogOptions<Counts extends ChangelogSink> {
  readonly topic: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called before each reading of a partition. */
  readonly newCounts: () => Counts;
  /** Called for one partition after the other, so that not all have to be in memory at once. */
  readonly onPartition: (partition: ChangelogPartition<Counts>) => void | Promise<void>;
  /** Called with the number of records read so far. */
  readonly onProgress?: (records: number) => void;
}

/** How long the end of a commit that was accepted may take to reach the log. */
const markerMsMax = 2_000;
const askAgainMs = 50;
const attemptsMax = 5;
const progressStep = 10_000;

/**
 * Reads the counts of a changelog with a client other than the members', while processes may count.
 * Transactions that stay open are left out: they are not committed.
 * @throws ClusterError topicUnavailable when the topic does not exist; input for a record that is not
 * one of a changelog; as readIndependently does
 */
export async function readChangelog<Counts extends ChangelogSink>(
  connection: Connection,
  options: ReadChangelogOptions<Counts>,
): Promise<void> {
  const { topic, timeoutMs } = options;
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    const partitions = (await admin.topic(topic))?.partitions;
    if (partitions === undefined) {
      throw new ClusterError('topicUnavailable', `topic '${topic}' does not exist (--changelog-topic)`, {
        hint: 'check --group and --changelog-topic; `consumer-cluster counts --durable` creates the topic',
      });
    }
    let records = 0;
    const onRecord = (): void => {
      records += 1;
      if (records % progressStep === 0) options.onProgress?.(records);
    };
    for (const { partition } of partitions) {
      await options.onPartition(await readPartition(connection, admin, partition, { ...options, onRecord }));
    }
  } finally {
    await admin.close();
  }
}

type PartitionOptions<Counts extends ChangelogSink> = Omit<
  ReadChangelogOptions<Counts>,
  'onPartition' | 'onProgress'
> & { readonly onRecord: () => void };

/**
 * If compaction has removed a count below the end because a newer one follows beyond it, the counts
 * do not add up to the progress; then the partition is read again, up to its new end.
 */
async function readPartition<Counts extends ChangelogSink>(
  connection: Connection,
  admin: Admin,
  partition: number,
  options: PartitionOptions<Counts>,
): Promise<ChangelogPartition<Counts>> {
  for (let attempt = 1; ; attempt += 1) {
    const range = await readableRange(admin, options.topic, partition);
    const found = await readRange(connection, range, options);
    if (found.words === (found.progress?.words ?? 0) || attempt === attemptsMax) return found;
  }
}

/** The offsets up to the end of the last commit that was accepted before the call. */
async function readableRange(admin: Admin, topic: string, partition: number): Promise<OffsetRange> {
  const deadlineMs = nowMs() + markerMsMax;
  let atFirst: number | undefined;
  for (;;) {
    const [offsets] = await admin.offsets(topic, { partitions: [partition] });
    if (offsets === undefined) throw new ClusterError('topicUnavailable', `topic '${topic}' was deleted`);
    const { beginOffset: begin, endOffset: end, highWatermark } = offsets;
    atFirst ??= highWatermark;
    if (end >= atFirst || nowMs() >= deadlineMs) return { partition, begin, end };
    await sleep(askAgainMs);
  }
}

async function readRange<Counts extends ChangelogSink>(
  connection: Connection,
  range: OffsetRange,
  { topic, timeoutMs, signal, newCounts, onRecord }: PartitionOptions<Counts>,
): Promise<ChangelogPartition<Counts>> {
  const counts = newCounts();
  const fold = new ProgressFold();
  const { partition } = range;
  const read = { records: 0, bytes: 0 };
  await readIndependently(connection, {
    ...{ topic, ranges: [range], timeoutMs, ...(signal === undefined ? {} : { signal }) },
    onRecord: (_, offset, value, key) => {
      onRecord();
      if (key === null || key.length === 0) throw notOfChangelog(topic, partition, offset);
      read.records += 1;
      read.bytes += key.length + (value?.length ?? 0);
      if (isProgressKey(key, 0, key.length)) {
        if (value !== null) fold.take(Buffer.concat([key, value]), 0, key.length, key.length, value.length);
        return;
      }
      const count = value === null ? 0 : decodeCount(value);
      if (count === undefined || !counts.set(key, count)) throw notOfChangelog(topic, partition, offset);
    },
  });
  return { partition, counts, words: counts.end(), progress: fold.progress, read };
}

function notOfChangelog(topic: string, partition: number, offset: number): ClusterError {
  const message = `topic '${topic}' partition ${partition}: the record at offset ${offset} is not a word and its count`;
  return new ClusterError('input', message, { hint: 'check --group and --changelog-topic' });
}
