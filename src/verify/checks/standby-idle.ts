import type { HistoryEvent } from '../../history/event.ts';
import type { Check, CheckFold, Evidence, Judged, Violation } from '../check.ts';
import { PartitionMap } from '../partition-map.ts';

export const standbyIdle: Check = {
  id: 'standby',
  name: 'standby idle',
  definition:
    'A member applies batches only of partitions that the group has assigned to it and not taken back; and at rest as many members stand by, without a partition, as there are more of them than partitions.',
  start: (_context, report) => new Standby(report),
};

class Standby implements CheckFold {
  readonly #report: (violation: Violation) => void;
  readonly #assigned = new PartitionMap<Set<number>>(() => new Set());

  constructor(report: (violation: Violation) => void) {
    this.#report = report;
  }

  add(event: HistoryEvent): void {
    switch (event.type) {
      case 'assigned':
        this.#assigned.get(event.partition).add(event.member);
        break;
      case 'revoked':
      case 'lost':
        this.#assigned.get(event.partition).delete(event.member);
        break;
      case 'batchApplied': {
        const { partition, member, ticket } = event;
        if (this.#assigned.get(partition).has(member)) break;
        const message = `partition ${partition}: member ${member} applied a batch of it without its being assigned`;
        this.#report({ message, partition, tickets: [ticket] });
        break;
      }
      default:
        break;
    }
  }

  finish({ rest }: Evidence): Judged {
    if (rest === undefined) return { skipped: 'the group was not looked at at rest' };
    const surplus = Math.max(0, rest.members.length - rest.partitions.length);
    const idle = rest.members.filter(({ phase, partitions }) => phase === 'standby' && partitions.length === 0).length;
    if (idle !== surplus) this.#report({ message: `${idle} members stand by, not ${surplus}`, tickets: [] });
    return { reported: { standingBy: idle } };
  }
}
