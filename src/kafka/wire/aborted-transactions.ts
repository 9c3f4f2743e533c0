import type { FetchedPartition } from './fetch-response.ts';
import type { RecordBatchInfo } from './record-batches.ts';

/**
 * Determines which batches of one fetch belong to aborted transactions, in the order of their
 * offsets.
 */
export class AbortedTransactions {
  readonly #pending: { readonly producerId: bigint; readonly firstOffset: number }[];
  readonly #aborting = new Set<bigint>();

  constructor(aborted: FetchedPartition['aborted']) {
    this.#pending = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /**
   * Whether the batch's records are data that was committed. To be asked about each batch once, in
   * order.
   */
  isCommitted(batch: RecordBatchInfo): boolean {
    const { producerId } = batch;
    if (producerId === undefined) return batch.control === 'none';
    while ((this.#pending[0]?.firstOffset ?? Infinity) <= batch.lastOffset) {
      const begun = this.#pending.shift();
      if (begun !== undefined) this.#aborting.add(begun.producerId);
    }
    if (batch.control === 'none') return !this.#aborting.has(producerId);
    if (batch.control === 'abort') this.#aborting.delete(producerId);
    return false;
  }
}
