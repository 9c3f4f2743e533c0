import { lastBatch } from '../count/last-batch.ts';
import type { Table } from '../count/table-memory.ts';
import { nowMs } from '../time/clock.ts';
import type { FaultEvent, HistoryEvent, ProducedEvent, SampledEvent } from './event.ts';
import type { HistoryMemory } from './member-history.ts';
import { createRing, createTickets } from './ring-layout.ts';
import { RingReader } from './ring-reader.ts';
import { digestOf } from './ring-row.ts';
import { RingQueue, TicketOrder } from './ticket-order.ts';

/** Without what the recorder adds; over each type of a union by itself. */
type Without<Event, Keys extends PropertyKey> = Event extends HistoryEvent ? Omit<Event, Keys> : never;
/** What the supervisor of a group records. */
export type GroupEvent = Without<
  Exclude<HistoryEvent, FaultEvent | ProducedEvent | SampledEvent>,
  'ticket' | 'atMs' | 'group'
>;
/** What is recorded of no group, or of several, or from outside of a group. */
export type OuterEvent = Without<FaultEvent | ProducedEvent | SampledEvent, 'ticket' | 'atMs'>;

export interface RecorderOptions {
  /** Called for every event, in the order of tickets, a moment after it happened. */
  readonly onEvent: (event: HistoryEvent) => void;
  /** After a number of events. */
  readonly onDrained?: () => void;
}

const drainIntervalMs = 100;

/** Records the history of all groups of a run, in the main thread. */
export class HistoryRecorder {
  readonly #options: RecorderOptions;
  readonly #tickets = createTickets();
  readonly #nextTicket = new BigInt64Array(this.#tickets);
  readonly #order: TicketOrder;
  readonly #rings = new Map<RingQueue, RingReader>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#order = new TicketOrder(options.onEvent);
    this.#timer = setInterval(() => {
      this.drain();
    }, drainIntervalMs).unref();
  }

  /** @param name - of a group, unique in this history */
  group(name: string): GroupRecorder {
    return new GroupRecorder(name, this);
  }

  /** Records an event of no group, or of several: faults, what was produced, samples. */
  record(event: OuterEvent): void {
    this.#order.addOwn({ ...event, ...this.#stamp() });
  }

  /** Every event so far has a lower one. */
  nextTicket(): number {
    return Number(Atomics.load(this.#nextTicket, 0));
  }

  /** Hands on what happened up to now; done ten times a second by itself. */
  drain(): void {
    const nextTicket = this.nextTicket();
    for (const [queue, reader] of this.#rings) this.#read(queue, reader, nextTicket);
    this.#order.advance();
    this.#options.onDrained?.();
  }

  /** Hands on the rest, when all members have ended. */
  close(): void {
    clearInterval(this.#timer);
    this.drain();
  }

  /** By GroupRecorder. */
  recordOf(group: string, event: GroupEvent): void {
    this.#order.addOwn({ ...event, ...this.#stamp(), group });
  }

  /** By GroupRecorder. */
  addRing(group: string, member: number): { readonly memory: HistoryMemory; readonly queue: RingQueue } {
    const ring = createRing();
    const reader = new RingReader(ring);
    const queue = new RingQueue(reader, { group, member });
    this.#rings.set(queue, reader);
    this.#order.addQueue(queue);
    return { memory: { ring, tickets: this.#tickets }, queue };
  }

  /** By GroupRecorder: reads what the member, whose thread was joined, has left. */
  readRest(queue: RingQueue): void {
    const reader = this.#rings.get(queue);
    if (reader !== undefined) this.#read(queue, reader, this.nextTicket());
  }

  /** By GroupRecorder. */
  closeRing(queue: RingQueue): void {
    queue.close();
    this.#rings.delete(queue);
  }

  #read(queue: RingQueue, reader: RingReader, nextTicket: number): void {
    queue.read(nextTicket);
    const rows = reader.takeDropped();
    if (rows > 0) this.recordOf(queue.group, { type: 'rowsDropped', member: queue.member, rows });
  }

  #stamp(): { readonly ticket: number; readonly atMs: number } {
    return { ticket: Number(Atomics.add(this.#nextTicket, 0, 1n)), atMs: nowMs() };
  }
}

/** Records the history of one group: what its supervisor tells, and the rings of its members. */
export class GroupRecorder {
  readonly group: string;
  readonly #recorder: HistoryRecorder;
  readonly #queues = new Map<number, RingQueue>();

  /** Use HistoryRecorder.group. */
  constructor(group: string, recorder: HistoryRecorder) {
    this.group = group;
    this.#recorder = recorder;
  }

  /** Memory for a member that is about to start. */
  addMember(member: number): HistoryMemory {
    const { memory, queue } = this.#recorder.addRing(this.group, member);
    this.#queues.set(member, queue);
    return memory;
  }

  record(event: GroupEvent): void {
    this.#recorder.recordOf(this.group, event);
  }

  /** The member's thread was joined. To be called before its tables are recovered. */
  threadJoined(member: number): void {
    const queue = this.#queues.get(member);
    if (queue !== undefined) this.#recorder.readRest(queue);
  }

  /**
   * The table of a dead member was brought to order and is not free yet. Tells the batch that the member did not live to
   * tell, too.
   */
  recovered(member: number, table: Table, event: { partition: number; epoch: number; replayed: boolean }): void {
    const queue = this.#queues.get(member);
    const batch = lastBatch(table);
    if (queue !== undefined && batch?.epoch === event.epoch && batch.ticket > queue.lastTicket) {
      const { ticket, epoch, firstOffset, nextOffset, records, words } = batch;
      const stamp = { ticket, atMs: nowMs(), group: this.group, member, partition: event.partition, epoch };
      queue.push(
        records === 0
          ? { ...stamp, type: 'advanced', nextOffset }
          : {
              ...stamp,
              type: 'batchApplied',
              firstOffset,
              lastOffset: nextOffset - 1,
              records,
              words,
              digest: digestOf(batch),
              toldBy: 'recovery',
            },
      );
    }
    this.record({ type: 'recovered', member, ...event });
  }

  /** All tables of the member were recovered: there is nothing more to come from it. */
  memberEnded(member: number): void {
    const queue = this.#queues.get(member);
    if (queue !== undefined) this.#recorder.closeRing(queue);
    this.#queues.delete(member);
  }
}
