import type { HistoryEvent } from '../../history/event.ts';
import type { Check, CheckFold, Evidence, Judged, Violation } from '../check.ts';
import { PartitionMap } from '../partition-map.ts';
import { counted } from '../../numbers.ts';

export const standbyIdle: Check = {
  name: 'standby-idle',
  code: 'standby',
  definition:
    'A member applies batches only of partitions that are currently assigned to it. Once the group is stable, the number of standby members (without a partition) is the number of members beyond the number of partitions.',
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
        const message = `partition ${partition}: member ${member} applied a batch while the partition was not assigned to it`;
        this.#report({ message, partition, tickets: [ticket] });
        break;
      }
      default:
        break;
    }
  }

  finish({ rest }: Evidence): Judged {
    if (rest === undefined) return { skipped: 'the stable group was not inspected' };
    const surplus = Math.max(0, rest.members.length - rest.partitions.length);
    const idle = rest.members.filter(({ phase, partitions }) => phase === 'standby' && partitions.length === 0).length;
    if (idle !== surplus)
      this.#report({ message: `${counted(idle, 'standby member')}, expected ${surplus}`, tickets: [] });
    return { reported: { standingBy: idle } };
  }
}
