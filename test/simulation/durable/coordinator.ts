import { ChangelogLog, type ChangelogRecord, type Transaction } from './changelog-log.ts';

export type Refusal = 'fenced' | 'concurrent';

/** A producer as the coordinator knows it. */
interface ProducerState {
  epoch: number;
  transaction: Transaction | undefined;
}

/** What brokers still have to do for a decided transaction. */
export interface Duty {
  /** Changelog partition of a marker; undefined for the consumed offsets. */
  readonly partition: number | undefined;
  readonly run: () => void;
}

/** Called when something is decided or becomes visible. */
export interface BrokerWatch {
  decided(transaction: Transaction): void;
  marked(partition: number): void;
  offsetsVisible(transaction: Transaction): void;
}

/**
 * The changelog's brokers and the transaction coordinator. A decided transaction is complete when
 * its markers are in all partitions and its offsets are settled; the world does this one by one, in
 * any order, at any time.
 */
export class Coordinator {
  readonly logs: readonly ChangelogLog[];
  /** Visible committed offsets of the group by partition. */
  readonly committed = new Map<number, number>();
  readonly #watch: BrokerWatch;
  readonly #producers = new Map<string, ProducerState>();

  constructor(partitions: number, watch: BrokerWatch) {
    this.logs = Array.from({ length: partitions }, () => new ChangelogLog());
    this.#watch = watch;
  }

  /** InitProducerId. @returns the epoch; 'concurrent' while an earlier transaction is not complete */
  initialise(transactionalId: string): number | 'concurrent' {
    const producer = this.#producers.get(transactionalId) ?? { epoch: -1, transaction: undefined };
    this.#producers.set(transactionalId, producer);
    const { transaction } = producer;
    if (transaction?.outcome === 'open') {
      producer.epoch += 1;
      this.#decide(transaction, 'aborted');
    }
    if (this.#isBusy(producer)) return 'concurrent';
    producer.epoch += 1;
    return producer.epoch;
  }

  /** Transactional ids with a transaction that is not complete. */
  get unfinished(): string[] {
    return [...this.#producers].filter(([, producer]) => this.#isBusy(producer)).map(([id]) => id);
  }

  /** Appends a record to the producer's transaction, which begins with it. */
  append(transactionalId: string, epoch: number, partition: number, record: ChangelogRecord): number | Refusal {
    const transaction = this.#open(transactionalId, epoch);
    const log = this.logs[partition];
    if (typeof transaction === 'string' || log === undefined)
      return transaction === 'concurrent' ? 'concurrent' : 'fenced';
    transaction.unmarked.add(partition);
    log.entries.push({ transaction, record });
    return log.highWatermark - 1;
  }

  /** TxnOffsetCommit that the group has accepted. */
  addOffsets(transactionalId: string, epoch: number, offsets: ReadonlyMap<number, number>): 'added' | Refusal {
    const transaction = this.#open(transactionalId, epoch);
    if (typeof transaction === 'string') return transaction;
    for (const [partition, offset] of offsets) transaction.offsets.set(partition, offset);
    transaction.offsetsSettled = false;
    return 'added';
  }

  /** EndTxn of a transaction that has begun here. One that has already ended this way is answered again. */
  end(transactionalId: string, epoch: number, outcome: 'committed' | 'aborted'): 'ended' | Refusal {
    const producer = this.#producers.get(transactionalId);
    if (producer?.epoch !== epoch) return 'fenced';
    const { transaction } = producer;
    if (transaction?.outcome === outcome) return 'ended';
    if (transaction?.outcome !== 'open') return 'fenced';
    this.#decide(transaction, outcome);
    return 'ended';
  }

  /** What is left to be done for decided transactions, each once. */
  get duties(): Duty[] {
    return [...this.#producers.values()].flatMap(({ transaction }) => {
      if (transaction === undefined || transaction.outcome === 'open') return [];
      const markers = [...transaction.unmarked].map((partition) => ({
        partition,
        run: () => {
          this.#mark(transaction, partition);
        },
      }));
      const settle = {
        partition: undefined,
        run: () => {
          this.#settleOffsets(transaction);
        },
      };
      return transaction.offsetsSettled ? markers : [...markers, settle];
    });
  }

  #open(transactionalId: string, epoch: number): Transaction | Refusal {
    const producer = this.#producers.get(transactionalId);
    if (producer?.epoch !== epoch) return 'fenced';
    if (producer.transaction?.outcome === 'open') return producer.transaction;
    if (this.#isBusy(producer)) return 'concurrent';
    producer.transaction = {
      ...{ transactionalId, epoch, outcome: 'open', unmarked: new Set(), offsets: new Map(), offsetsSettled: true },
    };
    return producer.transaction;
  }

  #isBusy({ transaction }: ProducerState): boolean {
    if (transaction === undefined) return false;
    return transaction.outcome === 'open' || transaction.unmarked.size > 0 || !transaction.offsetsSettled;
  }

  #decide(transaction: Transaction, outcome: 'committed' | 'aborted'): void {
    transaction.outcome = outcome;
    this.#watch.decided(transaction);
  }

  #mark(transaction: Transaction, partition: number): void {
    transaction.unmarked.delete(partition);
    this.logs[partition]?.entries.push({ transaction, record: undefined });
    this.#watch.marked(partition);
  }

  #settleOffsets(transaction: Transaction): void {
    transaction.offsetsSettled = true;
    if (transaction.outcome !== 'committed') return;
    for (const [partition, offset] of transaction.offsets) this.committed.set(partition, offset);
    this.#watch.offsetsVisible(transaction);
  }
}
