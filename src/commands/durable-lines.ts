import type { ChangelogEvent, ClusterEvent } from '../cluster/supervisor-options.ts';
import type { Supervisor } from '../cluster/supervisor.ts';
import { renderRetry } from '../errors.ts';
import { renderOwned, renderRestored } from '../report/durable-text.ts';
import { startTimer } from '../time/sleep.ts';
import type { CommandContext } from './context.ts';
import { RestoreLines } from './restore-lines.ts';

/** A rebalance revokes and assigns in several messages; its outcome is printed once. */
const settleMs = 300;
/** Events after which a member may own other partitions. */
const moves: readonly ClusterEvent['type'][] = ['assigned', 'revoked', 'exited'];

type LinesContext = Pick<CommandContext, 'interactive' | 'log' | 'notice'>;

/** Prints which partitions of a durable group this process owns, and what it restores. */
export class DurableLines {
  readonly #context: LinesContext;
  readonly #supervisor: () => Supervisor;
  readonly #prefix: string;
  readonly #restores: RestoreLines;
  #timer: ReturnType<typeof startTimer> | undefined;
  #hasEnded = false;
  #printed = '';

  /** @param prefix - begins each line: the group's name when there are several */
  constructor(context: LinesContext, supervisor: () => Supervisor, prefix = '') {
    this.#context = context;
    this.#supervisor = supervisor;
    this.#prefix = prefix;
    this.#restores = new RestoreLines(context, prefix);
  }

  /** The line for a live view, while restores take long. */
  get live(): string | undefined {
    return this.#restores.live;
  }

  event(event: ClusterEvent): void {
    if (event.type === 'changelog') this.#changelog(event.event);
    if (this.#hasEnded || !moves.includes(event.type)) return;
    this.#timer ??= startTimer(settleMs, () => {
      this.#timer = undefined;
      this.#printOwned();
    });
  }

  /** The members leave: what they own from here on is not printed. */
  end(): void {
    this.#hasEnded = true;
    this.#timer?.clear();
  }

  #printOwned(): void {
    const { members, partitions } = this.#supervisor().snapshot();
    const owned = members.flatMap((member) => member.partitions);
    const line = renderOwned(owned, partitions.length);
    if (line !== this.#printed) this.#log(line);
    this.#printed = line;
  }

  #changelog(event: ChangelogEvent): void {
    switch (event.type) {
      case 'restoring':
        this.#restores.restoring(event.restores);
        return;
      case 'restored':
        this.#restores.restored(event.partition);
        this.#log(renderRestored(event));
        return;
      case 'discarded':
        this.#log(
          `partition ${event.partition}: another process has continued counting; reading its commits from the changelog`,
        );
        return;
      case 'transactionsEnded': {
        const count = event.transactionalIds.length;
        this.#log(
          `ended ${count === 1 ? 'the open transaction of a member' : `open transactions of ${count} members`} no longer in the group`,
        );
        return;
      }
      case 'trouble':
        this.#context.notice(`${this.#prefix}${renderRetry(event.error)}`);
    }
  }

  #log(line: string): void {
    this.#context.log(`${this.#prefix}${line}`);
  }
}
