import type { Supervisor } from '../cluster/supervisor.ts';
import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import { toErrorReport } from '../errors.ts';
import { digestOf } from '../history/ring-row.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import { largest } from '../statistics/extremes.ts';
import type { Evidence, PartitionEvidence, RestEvidence, WordsEvidence } from '../verify/check.ts';
import { compareCounts } from '../workload/compare-counts.ts';
import { reread, type Reread } from '../workload/reread.ts';
import type { CountedLog } from './counted-log.ts';

export interface EvidenceOptions {
  /** A group whose members have all ended. */
  readonly supervisor: Supervisor;
  readonly connection: Connection;
  readonly topic: string;
  readonly group: Pick<GroupConfig, 'groupId' | 'tokenizer'>;
  /** First counted offsets, indexed by partition. */
  readonly beginOffsets: readonly number[];
  /** Present when records were deleted during the run, after they were counted and reread. */
  readonly countedLog?: CountedLog;
  /** Numbers of acknowledged records, indexed by partition. */
  readonly acknowledged?: readonly number[];
  /** Expected word counts, computed from the generator alone. */
  readonly generated?: ReadonlyMap<string, number>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const listMax = 5;
const nothing = { records: 0, nullRecords: 0, words: 0, distinctWords: 0, bytes: 0 } as const;
/** Progress in a partition that was added to the topic and that the supervisor does not know. */
const noTable = { ...nothing, nextOffset: 0, digestLow: 0, digestHigh: 0 } as const;

/**
 * Collects what the checks need besides the history at the end of a run: the tables, the topic as
 * another process reads it, the committed offsets and the words.
 * @throws ClusterError as reread and Admin do
 */
export async function collectEvidence(options: EvidenceOptions): Promise<Evidence> {
  const { supervisor, connection, topic, group, timeoutMs, signal } = options;
  const tables = supervisor.readers.map((reader) => reader.progress());
  const ranges = tables.map(({ nextOffset }, partition) => ({
    partition,
    begin: (options.countedLog?.readTo ?? options.beginOffsets)[partition] ?? 0,
    end: nextOffset,
  }));
  const rest = await reread({ connection, topic, ranges, tokenizer: group.tokenizer, timeoutMs }, signal);
  const read = options.countedLog?.with(rest) ?? rest;
  const { committed, ends } = await offsetsOf(options);
  const length = Math.max(tables.length, ends.size);
  const partitions = Array.from({ length }, (_, partition): PartitionEvidence => {
    const table = tables[partition] ?? noTable;
    // A partition with counted records and no commit has a committed offset of -1, not an unknown
    // one.
    const none = table.nextOffset > (options.beginOffsets[partition] ?? 0) ? -1 : undefined;
    const committedOffset = committed.get(partition) ?? none;
    const endOffset = ends.get(partition);
    const acknowledged = options.acknowledged?.[partition];
    const { nextOffset, records, nullRecords, words, distinctWords, bytes } = table;
    return {
      partition,
      table: { nextOffset, records, nullRecords, words, distinctWords, bytes, digest: digestOf(table) },
      read: read.partitions.find((entry) => entry.partition === partition) ?? { ranges: [], ...nothing, digest: 0n },
      ...(endOffset === undefined ? {} : { endOffset }),
      ...(committedOffset === undefined ? {} : { committedOffset }),
      ...(acknowledged === undefined ? {} : { acknowledged }),
    };
  });
  return { partitions, words: wordsOf(supervisor.counts(), read, options.generated) };
}

/**
 * The state of a settled group. A partition that was added to the topic and has no table has no
 * owner and is counted up to offset 0. It is left out while it holds no records: the supervisor may
 * not know it yet.
 * @param endOffsets - end offsets of the log, indexed by partition
 */
export function restOf(supervisor: Supervisor, endOffsets: readonly number[]): RestEvidence {
  const { partitions: tables, members } = supervisor.snapshot();
  const { failed } = supervisor;
  const withoutTable = endOffsets.flatMap((endOffset, partition) =>
    partition < tables.length || endOffset === 0 ? [] : [{ partition, owner: undefined, nextOffset: 0 }],
  );
  return {
    ...(failed.aborted ? { gaveUp: toErrorReport(failed.reason).message } : {}),
    partitions: [...tables, ...withoutTable].map(({ partition, owner, nextOffset }) => ({
      partition,
      owner,
      nextOffset,
      endOffset: endOffsets[partition] ?? 0,
    })),
    members: members
      .filter(({ phase }) => phase !== 'left' && phase !== 'crashed')
      .map(({ memberId, phase, partitions: owned }) => ({ member: memberId, phase, partitions: owned })),
  };
}

async function offsetsOf({ connection, topic, group, timeoutMs }: EvidenceOptions): Promise<{
  readonly committed: ReadonlyMap<number, number | undefined>;
  readonly ends: ReadonlyMap<number, number>;
}> {
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    const committed = await admin.committedOffsets(group.groupId, topic);
    const offsets = await admin.offsets(topic);
    return {
      committed: new Map(committed.map(({ partition, offset }) => [partition, offset])),
      ends: new Map(offsets.map(({ partition, endOffset }) => [partition, endOffset])),
    };
  } finally {
    await admin.close();
  }
}

function wordsOf(
  counted: ReadonlyMap<string, number> | undefined,
  read: Pick<Reread, 'counts'>,
  generated: ReadonlyMap<string, number> | undefined,
): WordsEvidence {
  if (counted === undefined) return { differing: 1, differences: ['a table could not be read'] };
  const lists = [
    { by: 'read', comparison: compareCounts(counted, read.counts, listMax) },
    ...(generated === undefined ? [] : [{ by: 'generated', comparison: compareCounts(counted, generated, listMax) }]),
  ];
  return {
    differing: largest(lists.map(({ comparison }) => comparison.differing)),
    differences: lists.flatMap(({ by, comparison: { missing, extra, different } }) =>
      [...missing, ...extra, ...different].map(
        ({ word, count, reference }) => `${JSON.stringify(word.slice(0, 40))}: ${count} counted, ${reference} ${by}`,
      ),
    ),
  };
}
