import type { HistoryRecorder } from '../history/history-recorder.ts';
import { EndOffsetWatch, type EndOffsetWatchOptions } from './end-offset-watch.ts';

const intervalMs = 250;

/**
 * Records the topic's end offsets a few times per second. The checks need them to decide whether an
 * idle group had records left to count.
 */
export function recordEndOffsets(
  recorder: HistoryRecorder,
  options: Omit<EndOffsetWatchOptions, 'intervalMs' | 'onOffsets'>,
): EndOffsetWatch {
  return new EndOffsetWatch({
    ...options,
    intervalMs,
    // Offsets of partitions without a leader are unknown, and unknown offsets lead to no violation.
    onOffsets: (offsets) => {
      for (const { partition, endOffset } of offsets) recorder.record({ type: 'produced', partition, endOffset });
    },
  });
}
