import { lastBatch } from '../count/last-batch.ts';
import type { CountTable } from '../count/table-memory.ts';
import { nowMs } from '../time/clock.ts';
import type { FaultEvent, HistoryEvent, ProducedEvent, SampledEvent } from './event.ts';
import type { HistoryMemory } from './member-history.ts';
import { createRing, createTickets } from './ring-layout.ts';
import { RingReader } from './ring-reader.ts';
import { digestOf } from './ring-row.ts';
import { RingQueue, TicketOrder } from './ticket-order.ts';

/** Events without the fields that the recorder adds. Distributes over a union. */
type Without<Event, Keys extends PropertyKey> = Event extends HistoryEvent ? Omit<Event, Keys> : never;
/** An event that the supervisor of a group records. */
export type GroupEvent = Without<
  Exclude<HistoryEvent, FaultEvent | ProducedEvent | SampledEvent>,
  'ticket' | 'atMs' | 'group'
>;
/** An event that belongs to no group, to several, or comes from outside a group. */
export type OuterEvent = Without<FaultEvent | ProducedEvent | SampledEvent, 'ticket' | 'atMs'>;

export interface RecorderOptions {
  /** Called for every event in the order of tickets, up to 100 ms after it happened. */
  readonly onEvent: (event: HistoryEvent) => void;
  /** Called after each series of events. */
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

  /** @param name - the group's, unique in this history */
  group(name: string): GroupRecorder {
    return new GroupRecorder(name, this);
  }

  /** Records a fault, an acknowledgement of the producer or a sample. */
  record(event: OuterEvent): void {
    this.#order.addOwn({ ...event, ...this.#stamp() });
  }

  /** Every event so far has a lower ticket. */
  nextTicket(): number {
    return Number(Atomics.load(this.#nextTicket, 0));
  }

  /** Reports all events so far; also called automatically ten times a second. */
  drain(): void {
    const nextTicket = this.nextTicket();
    for (const [queue, reader] of this.#rings) this.#read(queue, reader, nextTicket);
    this.#order.advance();
    this.#options.onDrained?.();
  }

  /** Reports the remaining events. Call it after all members have ended. */
  close(): void {
    clearInterval(this.#timer);
    this.drain();
  }

  /** For GroupRecorder. */
  recordOf(group: string, event: GroupEvent): void {
    this.#order.addOwn({ ...event, ...this.#stamp(), group });
  }

  /** For GroupRecorder. */
  addRing(group: string, member: number): { readonly memory: HistoryMemory; readonly queue: RingQueue } {
    const ring = createRing();
    const reader = new RingReader(ring);
    const queue = new RingQueue(reader, { group, member });
    this.#rings.set(queue, reader);
    this.#order.addQueue(queue);
    return { memory: { ring, tickets: this.#tickets }, queue };
  }

  /** For GroupRecorder: reads the remaining rows of a member whose thread has ended. */
  readRest(queue: RingQueue): void {
    const reader = this.#rings.get(queue);
    if (reader !== undefined) this.#read(queue, reader, this.nextTicket());
  }

  /** For GroupRecorder. */
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

/** Records the history of one group: the events of its supervisor and the rings of its members. */
export class GroupRecorder {
  readonly group: string;
  readonly #recorder: HistoryRecorder;
  readonly #queues = new Map<number, RingQueue>();

  /** Use HistoryRecorder.group. */
  constructor(group: string, recorder: HistoryRecorder) {
    this.group = group;
    this.#recorder = recorder;
  }

  /** @returns the memory that a new member records into */
  addMember(member: number): HistoryMemory {
    const { memory, queue } = this.#recorder.addRing(this.group, member);
    this.#queues.set(member, queue);
    return memory;
  }

  record(event: GroupEvent): void {
    this.#recorder.recordOf(this.group, event);
  }

  /** Call it when the member's thread has ended, before its tables are recovered. */
  threadJoined(member: number): void {
    const queue = this.#queues.get(member);
    if (queue !== undefined) this.#recorder.readRest(queue);
  }

  /**
   * Records that the table of a dead member was recovered and is not free yet. Also records the
   * last batch if the member died before it could.
   */
  recovered(member: number, table: CountTable, event: { partition: number; epoch: number; replayed: boolean }): void {
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

  /** All tables of the member were recovered, so no event of it can follow. */
  memberEnded(member: number): void {
    const queue = this.#queues.get(member);
    if (queue !== undefined) this.#recorder.closeRing(queue);
    this.#queues.delete(member);
  }
}
