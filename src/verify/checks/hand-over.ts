import type { HistoryEvent } from '../../history/event.ts';
import type { Check, CheckFold, Violation } from '../check.ts';
import { PartitionMap } from '../partition-map.ts';

export const handOver: Check = {
  name: 'hand-over',
  code: 'handover',
  definition:
    'A live member releases the table of a partition once the partition is revoked from it or known to be lost, so that no table has to be taken from it. A member that has left holds no table.',
  start: (_context, report) => new HandOvers(report),
};

/** How the former owner ended its claim to the table, by the event that takes the table from it. */
const endOfClaim = { fenced: 'gave up the partition', recovered: 'left' } as const;

class HandOvers implements CheckFold {
  readonly #report: (violation: Violation) => void;
  /**
   * By partition: members that gave it up and have not released its table yet, each with the ticket
   * of that event.
   */
  readonly #owing = new PartitionMap<Map<number, number>>(() => new Map());
  readonly #left = new Map<number, number>();
  readonly #dead = new Set<number>();

  constructor(report: (violation: Violation) => void) {
    this.#report = report;
  }

  add(event: HistoryEvent): void {
    switch (event.type) {
      case 'revoked':
      case 'lost':
        this.#owing.get(event.partition).set(event.member, event.ticket);
        break;
      case 'assigned':
      case 'acquired':
      case 'released':
        this.#owing.get(event.partition).delete(event.member);
        break;
      case 'terminated':
        this.#dead.add(event.member);
        break;
      case 'left':
        this.#left.set(event.member, event.ticket);
        break;
      case 'fenced':
        if (!this.#dead.has(event.member)) this.#taken(event, this.#owing.get(event.partition).get(event.member));
        break;
      case 'recovered':
        this.#taken(event, this.#left.get(event.member));
        break;
      case 'exited':
        this.#left.delete(event.member);
        this.#dead.delete(event.member);
        for (const [, owing] of this.#owing) owing.delete(event.member);
        break;
      default:
        break;
    }
  }

  finish(): Record<string, never> {
    return {};
  }

  /**
   * @param gaveUpTicket - ticket of the event after which the member must not hold the table;
   *   undefined when it may
   */
  #taken(event: Extract<HistoryEvent, { type: 'fenced' | 'recovered' }>, gaveUpTicket: number | undefined): void {
    if (gaveUpTicket === undefined) return;
    const { partition, member, ticket } = event;
    const message = `partition ${partition}: member ${member} ${endOfClaim[event.type]} but kept its table, which had to be revoked`;
    this.#report({ message, partition, tickets: [gaveUpTicket, ticket] });
  }
}
