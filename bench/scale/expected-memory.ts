import { groupDefaults } from '../../src/config/group.ts';
import type { ScalePoint } from './points.ts';

const mebi = 2 ** 20;
/**
 * Measured memory of the process without a member, while it recounts a topic (Node 26), and of a
 * member's thread with its client; MiB.
 */
const process = 200;
const thread = 40;
/** Of one partition's part of a response; config/consumer-properties.ts. */
const fetchBytesMax = 4 * mebi;
/**
 * Bytes per distinct word and partition: its table while it grows to twice its slots, and likewise
 * the sums of a step.
 */
const wordBytes = 54 + 32 + 64;
/**
 * Measured bytes of a word in a JavaScript Map; once for the reference and once for the compared
 * counts.
 */
const mapWordBytes = 2 * 120;
/** Shortest word of the workload with its separator; bytes. */
const wordAndSpaceBytes = 6;
/** Freed memory that malloc keeps in fragments. */
const allocator = 1.1;

/**
 * The bound in docs/performance.md on a bench process in lane drain, MiB: process and threads, the
 * budget of --memory-mib, two fetch responses per partition (one being received, one whose last
 * record is not consumed yet), tables and sums, and the compared counts.
 */
export function expectedPeakMib({ recordBytes, partitions, members, vocabulary, records }: ScalePoint): number {
  const budgetBytes = groupDefaults.memoryMib * mebi;
  const answersBytes = 2 * partitions * Math.max(fetchBytesMax, recordBytes);
  const words = (records * recordBytes) / wordAndSpaceBytes;
  const tablesBytes = partitions * Math.min(vocabulary, words / partitions) * wordBytes;
  const mapsBytes = Math.min(vocabulary, words) * mapWordBytes;
  const bytes = budgetBytes + answersBytes + tablesBytes + mapsBytes;
  return allocator * (process + thread * members + bytes / mebi);
}
