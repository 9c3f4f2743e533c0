import { groupDefaults } from '../../src/config/group.ts';
import type { ScalePoint } from './points.ts';

const mebi = 2 ** 20;
/** The process without a member, and a member's thread with its client, measured; MiB. */
const process = 120;
const thread = 40;
/** What the client keeps beside each record; docs/performance.md. */
const besideRecordBytes = 250;
/** config/consumer-properties.ts: a partition is fetched on below either of these. */
const queuedRecordsMin = 100_000;
const fetchBytesMax = 4 * mebi;
/** A partition's bytes a distinct word: its table while it grows to twice its slots, and the sums of a step likewise. */
const wordBytes = 54 + 32 + 64;
/** A word in a Map of JavaScript, measured; once for the reference and once for the counts that are held against it. */
const mapWordBytes = 2 * 120;
/** Shortest word of the workload, with what separates it; bytes. */
const wordAndSpaceBytes = 6;
/** Freed memory that malloc keeps in pieces. */
const allocator = 1.1;

/**
 * The bound of docs/performance.md on a bench process in lane drain, MiB: process and threads, the budget of --memory-mib, what
 * the client keeps beside each record in it, two answers to fetches a partition (one in the making, one whose last record is
 * not consumed yet), tables and sums, and the counts that are compared.
 */
export function expectedPeakMib({ recordBytes, partitions, members, vocabulary, records }: ScalePoint): number {
  const budgetBytes = groupDefaults.memoryMib * mebi;
  const fetchedRecords = fetchBytesMax / recordBytes;
  const queued = Math.min(records, budgetBytes / recordBytes, partitions * (queuedRecordsMin + fetchedRecords));
  const answersBytes = 2 * partitions * Math.max(fetchBytesMax, recordBytes);
  const words = (records * recordBytes) / wordAndSpaceBytes;
  const tablesBytes = partitions * Math.min(vocabulary, words / partitions) * wordBytes;
  const mapsBytes = Math.min(vocabulary, words) * mapWordBytes;
  const bytes = budgetBytes + queued * besideRecordBytes + answersBytes + tablesBytes + mapsBytes;
  return allocator * (process + thread * members + bytes / mebi);
}
