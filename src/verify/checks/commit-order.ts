import type { CommitEvent, HistoryEvent } from '../../history/event.ts';
import type { Check, CheckContext, CheckFold, Evidence, Judged, Violation } from '../check.ts';

/**
 * A client that rejects a commit at once does so in the loop iteration that releases the partition.
 */
const sameTurnMs = 50;

export const commitOrder: Check = {
  name: 'commit-order',
  code: 'commits',
  definition:
    'A member commits a partition only while the partition is assigned to it, never below its own earlier commit, and never while its previous commit has been pending for less than the commit timeout. It repeats a failed commit before it releases the partition, unless that offset is committed in the end.',
  start: (context, report) => new Order(context, report),
};

interface Sent {
  readonly offset: number;
  readonly atMs: number;
  readonly ticket: number;
}

/** One member's commits of one partition. */
interface MemberCommits {
  isAssigned: boolean;
  highest: number;
  /** Oldest first. */
  unanswered: readonly Sent[];
  /** A failed commit that has not been repeated yet. */
  failed: Sent | undefined;
}

interface Forgotten extends Sent {
  readonly member: number;
}

class Order implements CheckFold {
  readonly #answerMs: number;
  readonly #report: (violation: Violation) => void;
  /** State by member, then by partition. */
  readonly #members = new Map<number, Map<number, MemberCommits>>();
  /** By partition: the failed commit that the last owner did not repeat. */
  readonly #forgotten = new Map<number, Forgotten>();
  #commits = 0;

  constructor({ commitAnswerMs }: CheckContext, report: (violation: Violation) => void) {
    this.#answerMs = commitAnswerMs;
    this.#report = report;
  }

  add(event: HistoryEvent): void {
    switch (event.type) {
      case 'assigned':
        this.#of(event).isAssigned = true;
        break;
      case 'revoked':
      case 'lost':
        this.#of(event).isAssigned = false;
        break;
      case 'acquired':
        this.#forgotten.delete(event.partition);
        break;
      case 'released': {
        const { failed } = this.#of(event);
        if (failed !== undefined && event.atMs - failed.atMs > sameTurnMs)
          this.#forgotten.set(event.partition, { ...failed, member: event.member });
        break;
      }
      case 'commitSent':
        this.#sent(event);
        break;
      case 'commitOk':
      case 'commitFailed':
        this.#answered(event);
        break;
      case 'exited':
        this.#members.delete(event.member);
        break;
      default:
        break;
    }
  }

  finish({ partitions }: Evidence): Judged {
    for (const { partition, table, committedOffset } of partitions ?? []) {
      const forgotten = this.#forgotten.get(partition);
      if (forgotten === undefined || committedOffset === undefined || committedOffset >= table.nextOffset) continue;
      const { member, offset, ticket } = forgotten;
      const message = `partition ${partition}: member ${member} did not repeat its failed commit of offset ${offset}; the final committed offset is ${committedOffset}`;
      this.#report({ message, partition, tickets: [ticket] });
    }
    return this.#commits === 0 ? { skipped: 'no commit was sent' } : {};
  }

  #sent({ member, partition, offset, atMs, ticket }: CommitEvent): void {
    this.#commits += 1;
    const state = this.#of({ member, partition });
    const found = (what: string, tickets: readonly number[] = []): void => {
      const message = `partition ${partition}: member ${member} committed offset ${offset} ${what}`;
      this.#report({ message, partition, tickets: [...tickets, ticket] });
    };
    if (!state.isAssigned) found('while the partition was not assigned to it');
    if (offset < state.highest) found(`after committing offset ${state.highest}`);
    const last = state.unanswered.at(-1);
    if (last !== undefined && atMs - last.atMs < this.#answerMs - 1)
      found(`while its commit of offset ${last.offset} was pending`, [last.ticket]);
    state.highest = Math.max(state.highest, offset);
    state.unanswered = [...state.unanswered, { offset, atMs, ticket }];
    state.failed = undefined;
  }

  #answered({ type, member, partition, offset, atMs, ticket }: CommitEvent): void {
    const state = this.#of({ member, partition });
    const index = state.unanswered.findIndex((sent) => sent.offset === offset);
    state.unanswered = state.unanswered.slice(index + 1);
    if (type === 'commitFailed') state.failed = { offset, atMs, ticket };
  }

  #of({ member, partition }: { readonly member: number; readonly partition: number }): MemberCommits {
    const partitions = this.#members.get(member) ?? new Map<number, MemberCommits>();
    this.#members.set(member, partitions);
    const known = partitions.get(partition);
    if (known !== undefined) return known;
    const state: MemberCommits = { isAssigned: false, highest: -1, unanswered: [], failed: undefined };
    partitions.set(partition, state);
    return state;
  }
}
