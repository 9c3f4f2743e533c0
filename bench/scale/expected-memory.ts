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
/** A table's bytes a distinct word, while it grows to twice its slots. */
const wordBytes = 54 + 32;

/**
 * The bound of docs/performance.md on a bench process in lane drain, MiB: process and threads, the budget of --memory-mib, what
 * the client keeps beside each record in it, one answer to a fetch in the making for each member and broker, and tables.
 */
export function expectedPeakMib({ recordBytes, partitions, members, vocabulary, records }: ScalePoint): number {
  const budgetBytes = groupDefaults.memoryMib * mebi;
  const readers = Math.min(members, partitions);
  const fetchedRecords = fetchBytesMax / recordBytes;
  const queued = Math.min(records, budgetBytes / recordBytes, partitions * (queuedRecordsMin + fetchedRecords));
  const inFlightBytes = 2 * readers * Math.max(fetchBytesMax, recordBytes);
  const words = Math.min(vocabulary, (records * recordBytes) / 6);
  const bytes = budgetBytes + queued * besideRecordBytes + inFlightBytes + partitions * words * wordBytes;
  return process + thread * members + bytes / mebi;
}
