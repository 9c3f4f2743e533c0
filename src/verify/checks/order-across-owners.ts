import type { HistoryEvent } from '../../history/event.ts';
import type { Check, CheckContext, CheckFold, Violation } from '../check.ts';
import { PartitionMap } from '../partition-map.ts';
import { counted } from '../../numbers.ts';

export const orderAcrossOwners: Check = {
  name: 'order-across-owners',
  code: 'V2',
  definition:
    'In the order of tickets, every batch of a partition begins after the last offset of the previous batch, whichever members applied them, and contains at most as many records as its offset range.',
  start: (context, report) => new Order(context, report),
};

class Order implements CheckFold {
  /** The next expected offset, and the event that determined it. */
  readonly #next: PartitionMap<{ offset: number; ticket: number; member: number | undefined }>;
  readonly #report: (violation: Violation) => void;

  constructor({ beginOffsets }: CheckContext, report: (violation: Violation) => void) {
    this.#report = report;
    this.#next = new PartitionMap((partition) => ({
      offset: beginOffsets[partition] ?? 0,
      ticket: 0,
      member: undefined,
    }));
  }

  add(event: HistoryEvent): void {
    if (event.type !== 'batchApplied' && event.type !== 'advanced') return;
    const { partition, ticket, member } = event;
    const next = this.#next.get(partition);
    const { first, last } = offsetsOf(event);
    const violated = (what: string): void => {
      const tickets = next.ticket === 0 ? [ticket] : [next.ticket, ticket];
      this.#report({ message: `partition ${partition}: ${what}`, partition, tickets });
    };
    if (first < next.offset) {
      const before = next.member === undefined ? 'the begin' : `member ${next.member}`;
      violated(
        `member ${member} applied a batch from offset ${first}, but ${before} had reached offset ${next.offset}`,
      );
    }
    if (event.type === 'batchApplied' && (last < first || event.records < 1 || event.records > last - first + 1)) {
      violated(`a batch of ${counted(event.records, 'record')} from offset ${first} to ${last}`);
    }
    if (last + 1 > next.offset) next.offset = last + 1;
    next.ticket = ticket;
    next.member = member;
  }

  finish(): Record<string, never> {
    return {};
  }
}

/** The first and the last offset that the event moves the table past. */
function offsetsOf(event: Extract<HistoryEvent, { type: 'batchApplied' | 'advanced' }>): {
  readonly first: number;
  readonly last: number;
} {
  switch (event.type) {
    case 'batchApplied':
      return { first: event.firstOffset, last: event.lastOffset };
    case 'advanced':
      return { first: event.nextOffset - 1, last: event.nextOffset - 1 };
  }
}
