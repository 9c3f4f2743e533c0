import type { HistoryEvent } from '../history/event.ts';
import type { Violation } from './check.ts';

const kept = 4_096;
const beforeMax = 12;
const afterMax = 4;

/** The last few thousand events, so that a violation can be shown with the events around it. */
export class RecentEvents {
  readonly #ring: HistoryEvent[] = [];
  #next = 0;

  add(event: HistoryEvent): void {
    this.#ring[this.#next] = event;
    this.#next = (this.#next + 1) % kept;
  }

  /**
   * Events up to the violation's last ticket that may be related to it: those of its partition, of
   * members and of faults.
   */
  before(violation: Violation): readonly HistoryEvent[] {
    const last = lastTicket(violation);
    return this.#inOrder()
      .filter((event) => event.ticket <= last && concerns(event, violation))
      .slice(-beforeMax);
  }

  /** The same events, and those after the violation that are still in memory. */
  withLater(before: readonly HistoryEvent[], violation: Violation): readonly HistoryEvent[] {
    const last = before.at(-1)?.ticket ?? lastTicket(violation);
    const later = this.#inOrder().filter((event) => event.ticket > last && concerns(event, violation));
    return [...before, ...later.slice(0, afterMax)];
  }

  #inOrder(): HistoryEvent[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }
}

function lastTicket({ tickets }: Violation): number {
  return tickets.length === 0 ? Infinity : tickets.reduce((last, ticket) => Math.max(last, ticket));
}

function concerns(event: HistoryEvent, { partition, tickets }: Violation): boolean {
  if (tickets.includes(event.ticket) || partition === undefined || !('partition' in event)) return true;
  return event.partition === partition && event.type !== 'produced';
}
