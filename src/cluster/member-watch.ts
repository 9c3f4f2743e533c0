import { nowMs } from '../metrics/clock.ts';
import { readMeter } from '../metrics/meter-layout.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';
import { HandoverWatch } from './handover-watch.ts';
import type { MemberHandle } from './member-handle.ts';
import { ended } from './member-state.ts';
import type { TableRegistry } from './table-registry.ts';
import { Watchdog } from './watchdog.ts';

/** The supervisor considers a member stuck whose loop makes no turn for so long. */
export const watchdogMsByDefault = 10_000;

export interface MemberWatchOptions {
  /** A member whose loop stands still this long is stuck; Infinity: never. */
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
 * Looks at the members now and then, and takes tables from those that sit on them: from a member that stands still, before
 * its thread is ended, and from one whose partition the group has given to another. From then on whatever it still writes
 * is refused. A member in the midst of a batch cannot be fenced; it is ended if it stands still there.
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

  /** To be told of partitions that a member gave back to the group. */
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
    // What a member that stands still says to wait for may be another's by now: it did not hear of it, and has no claim.
    const waiting = new Map(
      live.flatMap(({ memberId, state }) =>
        state.phase === 'assigned' && this.#watchdog.stillMs(memberId, atMs) < handoverMs
          ? [[memberId, state.waiting] as const]
          : [],
      ),
    );
    for (const partition of this.#handovers.look(waiting, atMs)) {
      const owner = this.#options.tables.owner(partition);
      // One that says to wait for it has claimed it a moment ago: its word of that is on its way.
      if (owner === undefined || waiting.get(owner)?.includes(partition) === true) continue;
      if (this.#options.tables.fence(partition, owner)) this.#fenced(owner, partition);
    }
  }

  #fenced(memberId: MemberId, partition: Partition): void {
    this.#handovers.fenced(memberId, partition);
    this.#options.onFenced(memberId, partition);
  }
}
