import type { HistoryEvent } from '../../history/event.ts';
import type { Check, CheckFold, Judged } from '../check.ts';
import { PartitionMap } from '../partition-map.ts';

export const groupView: Check = {
  name: 'group-view',
  code: 'V1k',
  definition:
    'For information only: how often a partition was assigned to a member while another member still had it, in total and outside of faults.',
  start: () => new Assignments(),
};

class Assignments implements CheckFold {
  readonly #members = new PartitionMap<Set<number>>(() => new Set());
  readonly #faults = new Set<number>();
  #overlaps = 0;
  #withoutFault = 0;

  add(event: HistoryEvent): void {
    switch (event.type) {
      case 'assigned': {
        const members = this.#members.get(event.partition);
        if ([...members].some((member) => member !== event.member)) {
          this.#overlaps += 1;
          if (this.#faults.size === 0) this.#withoutFault += 1;
        }
        members.add(event.member);
        break;
      }
      case 'revoked':
      case 'lost':
        this.#members.get(event.partition).delete(event.member);
        break;
      case 'left':
      case 'exited':
        for (const [, members] of this.#members) members.delete(event.member);
        break;
      case 'faultBegun':
        this.#faults.add(event.index);
        break;
      case 'faultEnded':
        this.#faults.delete(event.index);
        break;
      default:
        break;
    }
  }

  finish(): Judged {
    return { reported: { overlaps: this.#overlaps, overlapsWithoutFault: this.#withoutFault } };
  }
}
