import type { HistoryEvent } from './event.ts';
import type { RingReader } from './ring-reader.ts';
import { eventOf } from './ring-row.ts';

/** Events of one member that were read from its ring and are not in the total order yet. */
export class RingQueue {
  readonly group: string;
  readonly member: number;
  readonly events: HistoryEvent[] = [];
  readonly #reader: RingReader;
  /** Ticket of the last row read; every later row of this member has a higher one. */
  lastTicket = 0;
  /** All of the member's tickets below this one have been read. */
  #completeBelow = 0;
  #closed = false;

  constructor(reader: RingReader, { group, member }: { readonly group: string; readonly member: number }) {
    this.#reader = reader;
    this.group = group;
    this.member = member;
  }

  /** @param nextTicket - the next ticket to be taken, read before this call */
  read(nextTicket: number): void {
    // Read before the rows, so that every row begun earlier is among them.
    const { writing } = this.#reader;
    this.#reader.drain((ticket, atMs, row) => {
      this.push(eventOf({ ticket, atMs, group: this.group, member: this.member }, row));
    });
    if (!writing) this.#completeBelow = nextTicket;
  }

  push(event: HistoryEvent): void {
    this.events.push(event);
    this.lastTicket = event.ticket;
  }

  /** The thread has ended, and all its rows have been read. */
  close(): void {
    this.#closed = true;
  }

  get exhausted(): boolean {
    return this.#closed && this.events.length === 0;
  }

  /** Whether this member may still write an event with this ticket. */
  mayHold(ticket: number): boolean {
    return !this.#closed && ticket >= this.#completeBelow && ticket > this.lastTicket;
  }
}

/** Sorts the events of all rings and of the main thread by ticket. */
export class TicketOrder {
  readonly #emit: (event: HistoryEvent) => void;
  readonly #queues = new Set<RingQueue>();
  /** Events of the main thread. */
  readonly #own: HistoryEvent[] = [];
  #expected = 1;

  constructor(emit: (event: HistoryEvent) => void) {
    this.#emit = emit;
  }

  addQueue(queue: RingQueue): void {
    this.#queues.add(queue);
  }

  addOwn(event: HistoryEvent): void {
    this.#own.push(event);
  }

  /**
   * Emits all events whose position is certain. A thread that died or had nothing to record gave up
   * its ticket, which is skipped as soon as no living member can hold it.
   */
  advance(): void {
    const lists = [this.#own, ...[...this.#queues].map(({ events }) => events)];
    const at = lists.map(() => 0);
    for (;;) {
      let first = -1;
      let ticket = Infinity;
      for (const [index, list] of lists.entries()) {
        const next = list[at[index] ?? 0]?.ticket ?? Infinity;
        if (next < ticket) [first, ticket] = [index, next];
      }
      const event = lists[first]?.[at[first] ?? 0];
      if (event === undefined || !this.#reaches(ticket)) break;
      at[first] = (at[first] ?? 0) + 1;
      this.#expected = ticket + 1;
      this.#emit(event);
    }
    for (const [index, list] of lists.entries()) list.splice(0, at[index]);
    for (const queue of this.#queues) if (queue.exhausted) this.#queues.delete(queue);
  }

  /** Whether no event can come between the last one and this ticket. */
  #reaches(ticket: number): boolean {
    for (let missing = this.#expected; missing < ticket; missing += 1) {
      for (const queue of this.#queues) if (queue.mayHold(missing)) return false;
      this.#expected = missing + 1;
    }
    return true;
  }
}
