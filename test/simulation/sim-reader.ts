import type { TableReader } from '../../src/count/table-reader.ts';
import type { TableProgress, TableSnapshot } from '../../src/count/table-snapshot.ts';
import { expectProgress, expectWords } from './expect-table.ts';
import { FiberMemory } from './fiber-memory.ts';
import { Fiber } from './fiber.ts';
import type { Product } from './product.ts';
import type { TopicPartition } from './topic.ts';
import { Violation } from './violation.ts';
import type { WatchedTable } from './watched-table.ts';

interface Reading {
  readonly partition: number;
  readonly kind: 'progress' | 'snapshot';
}

/** A thread that looks at tables while others write them. */
export class SimReader {
  readonly fiber: Fiber;
  snapshots = 0;
  readonly #readers: readonly TableReader[];
  readonly #topic: readonly TopicPartition[];
  readonly #seen: number[];
  #inHand: Reading | undefined;

  constructor(product: Product, tables: readonly WatchedTable[], topic: readonly TopicPartition[]) {
    this.fiber = new Fiber('reader');
    this.#topic = topic;
    this.#readers = tables.map(
      (table) => new product['count/table-reader'].TableReader(new FiberMemory(table, this.fiber)),
    );
    this.#seen = topic.map(({ beginOffset }) => beginOffset);
  }

  get inHand(): Reading | undefined {
    return this.#inHand;
  }

  /** @throws Violation when it sees what no whole number of records explains, or an older table than before */
  step(reading: Reading, budget: number): boolean {
    if (this.#inHand === undefined) this.fiber.forget();
    this.fiber.rewind();
    const { partition, kind } = (this.#inHand ??= reading);
    const reader = this.#readers[partition];
    let progress: TableProgress | undefined;
    let snapshot: TableSnapshot | undefined;
    const done = this.fiber.run(() => {
      if (kind === 'progress') progress = reader?.progress();
      else snapshot = reader?.snapshot({ timeoutMs: 2 });
    }, budget);
    if (!done) return false;
    this.#inHand = undefined;
    progress ??= snapshot?.progress;
    if (progress !== undefined) this.#expect(partition, progress, snapshot);
    return true;
  }

  #expect(partition: number, progress: TableProgress, snapshot: TableSnapshot | undefined): void {
    const topic = this.#topic[partition];
    const before = this.#seen[partition] ?? 0;
    if (topic === undefined) return;
    if (progress.nextOffset < before) {
      throw new Violation('readers', `partition ${partition}: a reader sees ${progress.nextOffset} after ${before}`);
    }
    this.#seen[partition] = progress.nextOffset;
    const expected = expectProgress('readers', partition, topic, progress);
    if (snapshot === undefined) return;
    this.snapshots += 1;
    expectWords('readers', partition, snapshot, expected);
  }
}
