import type { BatchSums } from '../../src/count/batch-sums.ts';
import type { MemberId } from '../../src/protocol/ids.ts';
import type { MemberMessage } from '../../src/protocol/messages.ts';
import { expectTable } from './expect-table.ts';
import type { Fiber } from './fiber.ts';
import { MemberThread } from './member-thread.ts';
import type { Product } from './product.ts';
import { MemoryOrder, type Disorder } from './memory-order.ts';
import { SimGroup } from './sim-group.ts';
import type { MemberWork, MemberWorld } from './sim-member.ts';
import { SimReader } from './sim-reader.ts';
import { SimSupervisor } from './sim-supervisor.ts';
import type { TopicPartition } from './topic.ts';
import { WatchedTable, type Threads } from './watched-table.ts';

export interface WorldOptions {
  readonly product: Product;
  readonly sums: BatchSums;
  readonly topic: readonly TopicPartition[];
  readonly protocol: 'EAGER' | 'COOPERATIVE';
  /** Binary logarithm of the slots that a table begins with. */
  readonly slotsLog2: number;
  /** How processors reorder stores and loads; without it they do not. */
  readonly disorder?: Disorder;
}

/** Everything that one schedule plays with: tables, members, supervisor, group, reader, clock. */
export class World implements MemberWorld, Threads {
  readonly product: Product;
  readonly sums: BatchSums;
  readonly topic: readonly TopicPartition[];
  readonly protocol: 'EAGER' | 'COOPERATIVE';
  readonly tables: readonly WatchedTable[];
  readonly group: SimGroup;
  readonly supervisor: SimSupervisor;
  readonly reader: SimReader;
  readonly order: MemoryOrder | undefined;
  /** Running, whether the group knows them or not. */
  readonly live = new Map<MemberId, MemberThread>();
  /** Blocked members: they wake again later, or are `stuck` for ever. */
  readonly stalled = new Set<MemberId>();
  readonly stuck = new Set<MemberId>();
  /** Tables taken from their owners. */
  fences = 0;
  readonly #ofFiber = new Map<Fiber, MemberId>();
  #membersEver = 0;
  #nowMs = 0;

  constructor(options: WorldOptions) {
    const { product, topic, slotsLog2 } = options;
    this.product = product;
    this.sums = options.sums;
    this.topic = topic;
    this.protocol = options.protocol;
    const nowMs = (): number => this.pass(1);
    const order = options.disorder === undefined ? undefined : new MemoryOrder(options.disorder);
    this.order = order;
    this.tables = topic.map(
      ({ beginOffset }, partition) =>
        new WatchedTable({ partition, nextOffset: beginOffset, slotsLog2, threads: this, nowMs, order }),
    );
    this.group = new SimGroup(options.protocol, this.tables);
    this.supervisor = new SimSupervisor(product, this.tables, {
      nowMs: () => this.#nowMs,
      start: () => {
        this.start();
      },
      joined: () => {
        this.order?.synchronize(this.supervisor.fiber);
      },
      taken: (tables) => {
        this.fences += tables;
      },
      recovered: (partition) => {
        this.expectTable(partition);
      },
    });
    this.reader = new SimReader(product, this.tables, topic);
  }

  /** Lets time pass. @returns the time after */
  pass(ms: number): number {
    this.#nowMs += ms;
    return this.#nowMs;
  }

  start(): MemberThread {
    const memberId = this.#membersEver as MemberId;
    this.#membersEver += 1;
    const thread = new MemberThread(this, memberId);
    this.live.set(memberId, thread);
    this.#ofFiber.set(thread.fiber, memberId);
    this.order?.synchronize(thread.fiber);
    this.supervisor.started(memberId);
    this.post({ type: 'joining', memberId });
    this.group.join(memberId);
    return thread;
  }

  /** A crash: the thread runs no more code; the supervisor is notified, the group is not. */
  kill(memberId: MemberId): void {
    const thread = this.live.get(memberId);
    if (thread === undefined) return;
    this.live.delete(memberId);
    // What the thread stored becomes visible before it is joined.
    this.order?.release(thread.fiber);
    this.stalled.delete(memberId);
    this.stuck.delete(memberId);
    this.supervisor.inbox.push({ type: 'exited', memberId });
  }

  /** Begins or continues a member's work. */
  step(thread: MemberThread, work: MemberWork | undefined, budget: number, atomicBudget = Infinity): boolean {
    const done = thread.step(work, budget, atomicBudget);
    if (!done) return false;
    for (const { partition, lease } of this.tables) if (lease.owner === thread.memberId) this.expectTable(partition);
    if (thread.hasLeft) {
      this.group.drop(thread.memberId);
      this.group.forget(thread.memberId);
      this.kill(thread.memberId);
    }
    return true;
  }

  post(message: MemberMessage): void {
    const sender = this.live.get(message.memberId);
    if (sender !== undefined) this.order?.release(sender.fiber);
    this.supervisor.inbox.push(message);
  }

  /** @returns the members that the watchdog considers stuck */
  look(): MemberId[] {
    return this.supervisor.look(new Map([...this.live].map(([memberId, { turns }]) => [memberId, turns])));
  }

  /** Every thread sees every store: no processor withholds one for ever. */
  settleMemory(): void {
    for (const fiber of this.everyFiber()) this.order?.release(fiber);
    for (const fiber of this.everyFiber()) this.order?.synchronize(fiber);
  }

  everyFiber(): Fiber[] {
    return [...this.#ofFiber.keys(), this.supervisor.fiber, this.reader.fiber];
  }

  memberOf(fiber: Fiber): MemberId | undefined {
    return this.#ofFiber.get(fiber);
  }

  isSupervisor(fiber: Fiber): boolean {
    return fiber === this.supervisor.fiber;
  }

  isJoined(member: number): boolean {
    return !this.live.has(member as MemberId);
  }

  /** @throws Violation unless the table, which has no writer at present, is exact */
  expectTable(partition: number): void {
    const table = this.tables[partition];
    const topic = this.topic[partition];
    if (table !== undefined && topic !== undefined && !table.lease.applying) expectTable(table, topic);
  }

  /** Records that are not counted yet, over all partitions. */
  get missing(): number {
    return this.topic.reduce(
      (sum, { endOffset }, partition) => sum + Math.max(0, endOffset - (this.tables[partition]?.nextOffset ?? 0)),
      0,
    );
  }
}
