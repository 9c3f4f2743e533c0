import { nowMs } from '../time/clock.ts';
import { changelogOwner } from '../count/lease.ts';
import { readMeter } from '../protocol/cells/meter.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';
import { HandoverTimeout } from './handover-timeout.ts';
import type { MemberHandle } from './member-handle.ts';
import { ended } from './member-state.ts';
import type { TableRegistry } from './table-registry.ts';
import { Watchdog } from './watchdog.ts';

/** The supervisor considers a member stuck whose loop makes no turn for this time. */
export const watchdogMsByDefault = 10_000;

export interface MemberMonitorOptions {
  /** A member whose loop makes no progress for this long is stuck; Infinity: never. */
  readonly watchdogMs: number;
  readonly members: () => readonly MemberHandle[];
  readonly tables: TableRegistry;
  readonly onStuck: (memberId: MemberId) => void;
  readonly onLeaseRevoked: (memberId: MemberId, partition: Partition) => void;
}

const lookMsMax = 250;
/** An old owner that works needs one turn of its loop to hand over. */
const handoverMs = 1_000;

/**
 * Checks the members periodically and revokes tables that are not released: from a stuck member,
 * before its thread is terminated, and from a member whose partition the group has assigned to
 * another. Late writes of the former owner are refused. A member that is applying a batch cannot be
 * fenced; if it is stuck there, it is terminated.
 */
export class MemberMonitor {
  readonly #options: MemberMonitorOptions;
  readonly #watchdog: Watchdog;
  readonly #handovers = new HandoverTimeout(handoverMs);
  readonly #timer: NodeJS.Timeout;

  constructor(options: MemberMonitorOptions) {
    this.#options = options;
    this.#watchdog = new Watchdog(options.watchdogMs);
    const lookMs = Math.min(options.watchdogMs / 8, lookMsMax);
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs).unref();
  }

  /** Receives the partitions that a member has released. */
  onRevoked(memberId: MemberId, partitions: readonly Partition[]): void {
    this.#handovers.onRevoked(memberId, partitions);
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
      for (const partition of this.#options.tables.fenceTablesOf(memberId)) this.#leaseRevoked(memberId, partition);
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
    for (const partition of this.#handovers.overdue(waiting, atMs)) {
      const owner = this.#options.tables.owner(partition);
      // The changelog thread restores it, or the member that waits for it has just claimed it and its
      // message has not arrived yet.
      if (owner === undefined || owner === changelogOwner || waiting.get(owner)?.includes(partition) === true) continue;
      if (this.#options.tables.fence(partition, owner)) this.#leaseRevoked(owner, partition);
    }
  }

  #leaseRevoked(memberId: MemberId, partition: Partition): void {
    this.#handovers.leaseRevoked(memberId, partition);
    this.#options.onLeaseRevoked(memberId, partition);
  }
}
