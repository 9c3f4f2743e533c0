import type { CommitEvent, HistoryEvent } from '../../history/event.ts';
import type { Check, CheckContext, CheckFold, Evidence, Judged, Violation } from '../check.ts';
import { PartitionMap } from '../partition-map.ts';

export const commitSafety: Check = {
  name: 'commit-safety',
  code: 'V5',
  definition:
    'An offset is sent or committed only after the table has reached it. No successful commit is below one that had succeeded before it was sent. After a graceful end the committed offset equals the table’s nextOffset, unless the last commit failed.',
  start: (context, report) => new Commits(context, report),
};

interface Sent {
  readonly offset: number;
  /** Highest offset known to be committed when the commit was sent. */
  readonly floor: number;
}

interface PartitionState {
  next: number;
  /** Highest offset known to be committed. */
  committed: number;
  committedTicket: number;
  lastFailed: boolean;
  /** Pending commits by member. */
  readonly sent: Map<number, Sent[]>;
}

class Commits implements CheckFold {
  readonly #report: (violation: Violation) => void;
  readonly #partitions: PartitionMap<PartitionState>;

  constructor({ beginOffsets }: CheckContext, report: (violation: Violation) => void) {
    this.#report = report;
    this.#partitions = new PartitionMap((partition) => ({
      next: beginOffsets[partition] ?? 0,
      committed: -1,
      committedTicket: 0,
      lastFailed: false,
      sent: new Map(),
    }));
  }

  add(event: HistoryEvent): void {
    switch (event.type) {
      case 'batchApplied':
        this.#partitions.get(event.partition).next = event.lastOffset + 1;
        break;
      case 'advanced':
        this.#partitions.get(event.partition).next = event.nextOffset;
        break;
      case 'commitSent':
      case 'commitOk':
      case 'commitFailed':
        this.#commit(event);
        break;
      case 'exited':
        for (const [, { sent }] of this.#partitions) sent.delete(event.member);
        break;
      default:
        break;
    }
  }

  finish({ partitions }: Evidence): Judged {
    let behind = 0;
    let judged = 0;
    for (const { partition, table, committedOffset } of partitions ?? []) {
      if (committedOffset === undefined) continue;
      judged += 1;
      if (committedOffset === table.nextOffset) continue;
      const { lastFailed } = this.#partitions.get(partition);
      if (committedOffset < table.nextOffset && lastFailed) behind += 1;
      else {
        const message = `partition ${partition}: the final committed offset is ${committedOffset}, the table has reached ${table.nextOffset}`;
        this.#report({ message, partition, tickets: [] });
      }
    }
    const reported = { committedBehindAfterFailure: behind };
    return judged === 0 ? { skipped: 'the final committed offsets were not read', reported } : { reported };
  }

  #commit(event: CommitEvent): void {
    const { type, partition, member, offset, ticket } = event;
    const state = this.#partitions.get(partition);
    if (type !== 'commitFailed' && offset > state.next) {
      const what = { commitSent: 'sent', commitOk: 'committed' }[type];
      const message = `partition ${partition}: member ${member} ${what} offset ${offset}, the table had reached ${state.next}`;
      this.#report({ message, partition, tickets: [ticket] });
    }
    const sent = state.sent.get(member) ?? [];
    if (type === 'commitSent') {
      state.sent.set(member, [...sent, { offset, floor: state.committed }]);
      return;
    }
    const index = sent.findIndex((entry) => entry.offset === offset);
    const floor = sent[index]?.floor ?? -1;
    state.sent.set(member, sent.slice(index + 1));
    state.lastFailed = type === 'commitFailed';
    if (type === 'commitFailed') return;
    if (offset < floor) {
      const message = `partition ${partition}: member ${member} committed offset ${offset} after offset ${floor} had been committed`;
      this.#report({ message, partition, tickets: [state.committedTicket, ticket] });
    }
    if (offset > state.committed) {
      state.committed = offset;
      state.committedTicket = ticket;
    }
  }
}
