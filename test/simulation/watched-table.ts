import { block, blockAt, control, createTable } from '../../src/count/layout.ts';
import { readLease, type Lease } from '../../src/count/lease.ts';
import { SharedTableMemory } from '../../src/count/table-memory.ts';
import type { Fiber } from './fiber.ts';
import type { MemoryOrder } from './memory-order.ts';
import { Violation } from './violation.ts';
import { WeakMemory } from './weak-memory.ts';

/** The rights of threads on a table. */
export interface Threads {
  /** The member whose thread this is; undefined for readers and the supervisor. */
  memberOf(fiber: Fiber): number | undefined;
  isSupervisor(fiber: Fiber): boolean;
  /** The member's thread was ended and nothing of it will run any more. */
  isJoined(member: number): boolean;
}

/** Counters that any thread may change. */
const commonCounters: readonly number[] = [control.refusedWrites, control.readersWaiting];

/** A table that follows its lease and reports the thread that breaks it. It reads the memory with the right program's code. */
export class WatchedTable {
  readonly buffer: SharedArrayBuffer;
  readonly partition: number;
  readonly memory: SharedTableMemory;
  /** How other threads see what one has written; undefined where they see it at once. */
  readonly weak: WeakMemory | undefined;
  readonly #threads: Threads;
  readonly #nowMs: () => number;
  #lease: Lease;
  /** The thread that has put the lease into `applying`. */
  #inside: Fiber | undefined;
  /** Members that have released the table since their last claim. */
  readonly #releasedBy = new Set<number>();

  constructor(options: {
    readonly partition: number;
    readonly nextOffset: number;
    readonly slotsLog2: number;
    readonly threads: Threads;
    /** The clock of all threads; passes on with each look. */
    readonly nowMs: () => number;
    readonly order: MemoryOrder | undefined;
  }) {
    const { nextOffset, slotsLog2 } = options;
    this.buffer = createTable({ nextOffset, slotsLog2, limitBytes: 1 << 20 });
    this.partition = options.partition;
    this.memory = new SharedTableMemory(this.buffer);
    this.weak = options.order === undefined ? undefined : new WeakMemory(this.memory, options.order);
    this.#threads = options.threads;
    this.#nowMs = options.nowMs;
    this.#lease = readLease(this.memory);
  }

  get lease(): Lease {
    return this.#lease;
  }

  get nextOffset(): number {
    return this.memory.floats[blockAt(this.memory.load(control.activeBlock)) + block.nextOffset] ?? 0;
  }

  /** Whether the member has released the table, and not claimed it since. */
  wasReleasedBy(member: number): boolean {
    return this.#releasedBy.has(member);
  }

  nextMs(): number {
    return this.#nowMs();
  }

  /** @throws Violation when the table is not this thread's to write */
  beforeWrite(fiber: Fiber): void {
    if (this.#inside === fiber && this.#lease.applying) return;
    if (this.#recovers(fiber)) return;
    this.#breaks(fiber, 'writes');
  }

  /** As beforeWrite, for words that more may change. */
  beforeCount(fiber: Fiber, index: number): void {
    if (!commonCounters.includes(index)) this.beforeWrite(fiber);
  }

  /** @throws Violation when the offset fell */
  afterStore(index: number): void {
    if (index !== control.activeBlock) return;
    const active = this.memory.load(control.activeBlock);
    const before = this.memory.floats[blockAt(1 - active) + block.nextOffset] ?? 0;
    if (this.nextOffset >= before) return;
    throw new Violation('counts', `partition ${this.partition}: nextOffset falls from ${before} to ${this.nextOffset}`);
  }

  /** @throws Violation when this thread may not change the lease in this way */
  leaseChanged(fiber: Fiber): void {
    const from = this.#lease;
    const to = readLease(this.memory);
    if (!this.#mayChange(fiber, from, to)) this.#breaks(fiber, `turns the lease into ${leaseText(to)}`);
    this.#inside = to.applying ? fiber : undefined;
    this.#noteRelease(this.#threads.memberOf(fiber), from, to);
    this.#lease = to;
  }

  #noteRelease(member: number | undefined, from: Lease, to: Lease): void {
    if (member === undefined) return;
    if (from.owner === undefined) this.#releasedBy.delete(member);
    else if (isFree(to)) this.#releasedBy.add(member);
  }

  /** Allowed: a member's own claim, entering by the owner or (to fence) by the supervisor, and leaving by the thread that entered. */
  #mayChange(fiber: Fiber, from: Lease, to: Lease): boolean {
    const member = this.#threads.memberOf(fiber);
    if (from.owner === undefined) return to.epoch === from.epoch + 1 && to.owner === member;
    if (to.epoch !== from.epoch || (to.owner !== from.owner && !isFree(to))) return false;
    if (this.#recovers(fiber) && isFree(to)) return true;
    if (from.applying) return this.#inside === fiber && !to.applying;
    return from.owner === member || this.#threads.isSupervisor(fiber);
  }

  #recovers(fiber: Fiber): boolean {
    const { owner } = this.#lease;
    return owner !== undefined && this.#threads.isSupervisor(fiber) && this.#threads.isJoined(owner);
  }

  #breaks(fiber: Fiber, what: string): never {
    throw new Violation(
      'ownership',
      `partition ${this.partition}: ${fiber.name} ${what} while it is ${leaseText(this.#lease)}`,
    );
  }
}

function isFree({ owner, applying }: Lease): boolean {
  return owner === undefined && !applying;
}

function leaseText({ epoch, owner, applying }: Lease): string {
  const state = applying ? 'being applied to by' : 'held by';
  return owner === undefined ? `free, epoch ${epoch}` : `${state} member ${owner}, epoch ${epoch}`;
}
