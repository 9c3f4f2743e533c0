import type { PartitionOffsets } from './cluster-facts.ts';

/** A partition whose end can't be read yet: a transaction that began at `fromOffset` is open. */
export interface HeldBack {
  readonly partition: number;
  readonly fromOffset: number;
  /** Exclusive. */
  readonly toOffset: number;
}

export function heldBackOf(offsets: readonly PartitionOffsets[]): HeldBack[] {
  return offsets
    .filter(({ endOffset, highWatermark }) => endOffset < highWatermark)
    .map(({ partition, endOffset, highWatermark }) => ({ partition, fromOffset: endOffset, toOffset: highWatermark }));
}
