import { nowMs } from '../time/clock.ts';
import { readMeter } from '../protocol/cells/meter.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';
import { HandoverWatch } from './handover-watch.ts';
import type { MemberHandle } from './member-handle.ts';
import { ended } from './member-state.ts';
import type { TableRegistry } from './table-registry.ts';
import { Watchdog } from './watchdog.ts';

/** The supervisor considers a member stuck whose loop makes no turn for so long. */
export const watchdogMsByDefault = 10_000;

export interface MemberWatchOptions {
  /** A member whose loop makes no progress for this long is stuck; Infinity: never. */
  readonly watchdogMs: number;
  readonly members: () => readonly MemberHandle[];
  readonly tables: TableRegistry;
  readonly onStuck: (memberId: MemberId) => void;
  readonly onFenced: (memberId: MemberId, partition: Partition) => void;
}

const lookMsMax = 250;
/** An old owner that is well needs one turn of its loop to hand over. */
const handoverMs = 1_000;

/**
 * Checks the members periodically and revokes tables that are not released: from a stuck member,
 * before its thread is terminated, and from a member whose partition the group has assigned to
 * another. Late writes of the former owner are refused. A member that is applying a batch cannot be
 * fenced; if it is stuck there, it is terminated.
 */
export class MemberWatch {
  readonly #options: MemberWatchOptions;
  readonly #watchdog: Watchdog;
  readonly #handovers = new HandoverWatch(handoverMs);
  readonly #timer: NodeJS.Timeout;

  constructor(options: MemberWatchOptions) {
    this.#options = options;
    this.#watchdog = new Watchdog(options.watchdogMs);
    const lookMs = Math.min(options.watchdogMs / 8, lookMsMax);
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs).unref();
  }

  /** Receives the partitions that a member has given up. */
  gaveBack(memberId: MemberId, partitions: readonly Partition[]): void {
    this.#handovers.gaveBack(memberId, partitions);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const atMs = nowMs();
    const live = this.#options.members().filter(({ state }) => !ended(state) && state.phase !== 'starting');
    const turns = new Map(live.map(({ memberId, meter }) => [memberId, readMeter(meter).turns]));
    for (const memberId of this.#watchdog.look(turns, atMs)) {
      this.#options.onStuck(memberId);
      for (const partition of this.#options.tables.fenceTablesOf(memberId)) this.#fenced(memberId, partition);
    }
    // A stuck member may still wait for a partition that has been reassigned without its knowledge;
    // it has no claim.
    const waiting = new Map(
      live.flatMap(({ memberId, state }) =>
        state.phase === 'assigned' && this.#watchdog.stillMs(memberId, atMs) < handoverMs
          ? [[memberId, state.waiting] as const]
          : [],
      ),
    );
    for (const partition of this.#handovers.look(waiting, atMs)) {
      const owner = this.#options.tables.owner(partition);
      // The member that waits for it has just claimed it; its message has not arrived yet.
      if (owner === undefined || waiting.get(owner)?.includes(partition) === true) continue;
      if (this.#options.tables.fence(partition, owner)) this.#fenced(owner, partition);
    }
  }

  #fenced(memberId: MemberId, partition: Partition): void {
    this.#handovers.fenced(memberId, partition);
    this.#options.onFenced(memberId, partition);
  }
}
