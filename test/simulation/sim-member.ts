import type { BatchSums } from '../../src/count/batch-sums.ts';
import { rowFields, row, type RebalanceEvent } from '../../src/kafka/native/consumer.ts';
import type { Assignment } from '../../src/member/assignment.ts';
import type { BatchApplier } from '../../src/member/batch.ts';
import type { Commits } from '../../src/member/commits.ts';
import { MemberMeter } from '../../src/protocol/cells/meter.ts';
import { createMeter } from '../../src/protocol/cells/meter.ts';
import type { MemberId, Partition } from '../../src/protocol/ids.ts';
import type { MemberMessage } from '../../src/protocol/messages.ts';
import { FiberMemory } from './fiber-memory.ts';
import type { Fiber } from './fiber.ts';
import type { Product } from './product.ts';
import { SimClient, type GroupOffsets } from './sim-client.ts';
import type { TopicPartition } from './topic.ts';
import type { WatchedTable } from './watched-table.ts';

/** What a member's loop does between two yields to its event loop. */
export type MemberWork =
  | { readonly type: 'turn'; readonly recordsMax: number; readonly redelivered: number }
  | { readonly type: 'rebalance'; readonly event: RebalanceEvent; readonly late: boolean }
  | { readonly type: 'leave' };

/** All that a member has to do with. */
export interface MemberWorld {
  readonly product: Product;
  readonly tables: readonly WatchedTable[];
  readonly topic: readonly TopicPartition[];
  readonly group: GroupOffsets;
  readonly protocol: 'EAGER' | 'COOPERATIVE';
  readonly sums: BatchSums;
  post(message: MemberMessage): void;
}

export const sumsFields = { stride: rowFields, start: row.start, length: row.length } as const;

/**
 * The body of a member's thread: the program's assignment, batches and commits, in the order in which member/loop.ts calls them.
 * Its gate is open from the start, and it commits at every turn.
 */
export class SimMember {
  readonly #world: MemberWorld;
  readonly #fiber: Fiber;
  readonly #memberId: MemberId;
  readonly #client: SimClient;
  readonly #assignment: Assignment;
  readonly #applier: BatchApplier;
  readonly #commits: Commits;

  constructor(world: MemberWorld, memberId: MemberId, fiber: Fiber) {
    const { product, topic, group, protocol, sums } = world;
    this.#world = world;
    this.#fiber = fiber;
    this.#memberId = memberId;
    const tables = world.tables.map((table) => new FiberMemory(table, fiber));
    this.#client = new SimClient({
      memberId,
      fiber,
      topic,
      group,
      protocol,
      sums,
      onCommit: (result) => {
        this.#commits.onAnswer(result);
      },
    });
    const task = { memberId, endOffsets: undefined, tables, group: { workUs: 0 } };
    this.#commits = new product['member/commits'].Commits(this.#client, 0);
    this.#assignment = new product['member/assignment'].Assignment(task, this.#client);
    const meter = new MemberMeter(createMeter());
    this.#applier = new product['member/batch'].BatchApplier(task, this.#client, this.#assignment, meter, sums);
  }

  do(work: MemberWork): void {
    switch (work.type) {
      case 'turn':
        this.#turn(work.recordsMax, work.redelivered);
        return;
      case 'rebalance':
        this.#client.late = work.late;
        this.#rebalance(work.event);
        return;
      case 'leave':
        this.#leave();
    }
  }

  #turn(recordsMax: number, redelivered: number): void {
    this.#assignment.openGate();
    if (this.#assignment.claimWaiting()) this.#postAssigned();
    const count = this.#client.consumeBatch(recordsMax, redelivered);
    if (count > 0) {
      this.#applier.take(count);
      for (const { partition } of this.#applier.apply()) {
        this.#assignment.fenced(partition);
        this.#post({ type: 'fenced', memberId: this.#memberId, partition });
      }
    }
    this.#commits.maybeCommit(() => this.#assignment.progress());
  }

  #rebalance(event: RebalanceEvent): void {
    if (event.type === 'assign') {
      this.#assignment.assign(event);
      this.#postAssigned();
      return;
    }
    if (!event.lost)
      this.#commits.commit(this.#assignment.progress().filter(({ partition }) => event.partitions.includes(partition)));
    for (const partition of event.partitions) this.#commits.forget(partition);
    this.#assignment.revoke(event);
    const partitions = event.partitions as Partition[];
    this.#post({ type: 'revoked', memberId: this.#memberId, partitions, lost: event.lost });
  }

  #leave(): void {
    this.#commits.commit(this.#assignment.progress());
    for (const partition of [...this.#assignment.owned.keys()]) this.#assignment.release(partition);
    this.#post({ type: 'left', memberId: this.#memberId });
  }

  #postAssigned(): void {
    this.#post({
      type: 'assigned',
      memberId: this.#memberId,
      partitions: [...this.#assignment.owned.values()].map(({ partition }) => partition),
      waiting: [...this.#assignment.waiting.values()].map(({ partition }) => partition),
    });
  }

  #post(message: MemberMessage): void {
    this.#fiber.effect(() => {
      this.#world.post(message);
      return undefined;
    }, true);
  }
}

/** For a trace. */
export function workText(work: MemberWork | undefined): string {
  if (work?.type !== 'rebalance') return work?.type ?? '';
  const { event, late } = work;
  return `hears ${event.lost ? 'lost' : event.type} {${event.partitions.join(', ')}}${late ? ' too late' : ''}`;
}
