import type { BatchSums } from '../../src/count/batch-sums.ts';
import { rowFields, row, type RebalanceEvent } from '../../src/kafka/native/consumer.ts';
import type { MemberTurn } from '../../src/member/turn.ts';
import { createCountedTopic } from '../../src/protocol/cells/counted-topic.ts';
import { createGate, openGate } from '../../src/protocol/cells/gate.ts';
import { createMeter, MemberMeter } from '../../src/protocol/cells/meter.ts';
import type { MemberId } from '../../src/protocol/ids.ts';
import type { MemberMessage } from '../../src/protocol/messages.ts';
import { FiberMemory } from './fiber-memory.ts';
import type { Fiber } from './fiber.ts';
import type { Product } from './product.ts';
import { SimClient, type Delivery, type GroupOffsets } from './sim-client.ts';
import type { TopicPartition } from './topic.ts';
import type { WatchedTable } from './watched-table.ts';

/** What a member's thread does between two yields to its event loop. */
export type MemberWork =
  | ({ readonly type: 'turn' } & Delivery)
  | { readonly type: 'rebalance'; readonly event: RebalanceEvent; readonly late: boolean }
  | { readonly type: 'leave' };

/** The surroundings of a member. */
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

const gate = new Int32Array(createGate());
openGate(gate.buffer);
/** Memory that no decision depends on, so all members share it: bodies are created by the thousand. */
const unread = { meter: new MemberMeter(createMeter()), countedTopic: createCountedTopic(undefined) };

/**
 * The body of a member's thread: the program's own turns, rebalances and hand-over with a simulated
 * client. Its gate is open from the start, and it commits in every turn, because its clock is always 0
 * and so is its commit interval.
 */
export class SimMember {
  readonly #client: SimClient;
  readonly #turn: MemberTurn;

  constructor(world: MemberWorld, memberId: MemberId, fiber: Fiber) {
    const { product, topic, group, protocol, sums } = world;
    this.#client = new SimClient({
      memberId,
      fiber,
      topic,
      group,
      protocol,
      sums,
      onCommit: (result) => {
        this.#turn.onCommit(result);
      },
    });
    this.#turn = new product['member/turn'].MemberTurn({
      task: {
        memberId,
        topic: 'simulated',
        endOffsets: undefined,
        group: { workUs: 0, commitIntervalMs: 0, groupProtocol: 'classic', batchRecordsMax: 64 },
      },
      client: this.#client,
      memory: {
        tables: world.tables.map((table) => new FiberMemory(table, fiber)),
        durableCells: [],
        ...unread,
        gate,
        history: undefined,
        sums,
      },
      clock: () => 0,
      post: (message) => {
        fiber.effect(() => {
          world.post(message);
          return undefined;
        }, true);
      },
    });
  }

  do(work: MemberWork): void {
    switch (work.type) {
      case 'turn':
        this.#client.deliver(work);
        this.#turn.run();
        return;
      case 'rebalance':
        this.#client.late = work.late;
        this.#turn.onRebalance(work.event);
        this.#turn.rebalance();
        return;
      case 'leave':
        this.#turn.handOver();
        this.#turn.reportLeft();
    }
  }
}

/** Describes the work in a trace. */
export function workText(work: MemberWork | undefined): string {
  if (work?.type !== 'rebalance') return work?.type ?? '';
  const { event, late } = work;
  return `receives ${event.lost ? 'lost' : event.type} {${event.partitions.join(', ')}}${late ? ' too late' : ''}`;
}
