import type { HandoverTimeout } from '../../src/cluster/handover-timeout.ts';
import type { MemberState } from '../../src/cluster/member-state.ts';
import type { Watchdog } from '../../src/cluster/watchdog.ts';
import { restartByDefault, type RestartPolicy } from '../../src/cluster/restart-policy.ts';
import type { MemberId, Partition } from '../../src/protocol/ids.ts';
import type { MemberMessage } from '../../src/protocol/messages.ts';
import { FiberMemory } from './fiber-memory.ts';
import { Fiber } from './fiber.ts';
import type { Product } from './product.ts';
import type { WatchedTable } from './watched-table.ts';

export const watchdogMs = 2_000;
const handoverMs = 1_000;

interface Work {
  readonly what: string;
  readonly run: () => void;
  readonly then: () => void;
}

interface SupervisorEffects {
  readonly nowMs: () => number;
  /** A member is to be started. */
  readonly start: () => void;
  /** The thread of a member was joined: everything that it did is visible. */
  readonly joined: () => void;
  /** The leases of this number of tables were revoked. */
  readonly taken: (tables: number) => void;
  /** The table was recovered. */
  readonly recovered: (partition: number) => void;
}

/** The supervisor's decisions, taken by the program's own functions, in the order in which cluster/supervisor.ts calls them. */
export class SimSupervisor {
  readonly fiber = new Fiber('supervisor');
  readonly inbox: (MemberMessage | { readonly type: 'exited'; readonly memberId: MemberId })[] = [];
  readonly policy: RestartPolicy = restartByDefault;
  readonly #product: Product;
  readonly #memories: readonly FiberMemory[];
  readonly #effects: SupervisorEffects;
  readonly #states = new Map<MemberId, MemberState>();
  readonly #watchdog: Watchdog;
  readonly #handovers: HandoverTimeout;
  readonly #crashesMs: number[] = [];
  readonly #startsAtMs: number[] = [];
  #work: Work | undefined;

  constructor(product: Product, tables: readonly WatchedTable[], effects: SupervisorEffects) {
    this.#product = product;
    this.#memories = tables.map((table) => new FiberMemory(table, this.fiber));
    this.#effects = effects;
    this.#watchdog = new product['cluster/watchdog'].Watchdog(watchdogMs);
    this.#handovers = new product['cluster/handover-timeout'].HandoverTimeout(handoverMs);
  }

  /** What it has begun and not ended. */
  get inHand(): string | undefined {
    return this.#work?.what;
  }

  /** Partitions whose tables the member has reported as its own. */
  partitionsOf(memberId: MemberId): readonly number[] {
    const state = this.#states.get(memberId);
    return state === undefined ? [] : this.#product['cluster/member-state'].partitionsOf(state);
  }

  get isIdle(): boolean {
    return this.inboxIsEmpty && this.#startsAtMs.length === 0;
  }

  get inboxIsEmpty(): boolean {
    return this.#work === undefined && this.inbox.length === 0;
  }

  started(memberId: MemberId): void {
    this.#states.set(memberId, { phase: 'starting' });
  }

  /** Continues its work in hand, or begins with its next message or a start that is due. */
  step(budget: number): void {
    if (this.#work !== undefined) {
      this.#continue(budget);
      return;
    }
    const dueAt = this.#startsAtMs.findIndex((atMs) => atMs <= this.#effects.nowMs());
    if (dueAt !== -1) {
      this.#startsAtMs.splice(dueAt, 1);
      this.#effects.start();
      return;
    }
    const message = this.inbox.shift();
    if (message === undefined) return;
    const before = this.#states.get(message.memberId) ?? { phase: 'starting' };
    this.#states.set(message.memberId, this.#product['cluster/member-state'].nextState(before, message));
    if (message.type === 'revoked') this.#handovers.onRevoked(message.memberId, message.partitions);
    if (message.type === 'exited') this.#effects.joined();
    if (message.type === 'exited') this.#begin(this.#recovery(message.memberId), budget);
  }

  /**
   * Looks for members whose loop makes no turn.
   * @param turns - of every live member
   */
  look(turns: ReadonlyMap<MemberId, number>): MemberId[] {
    const joined = [...turns].filter(([memberId]) => this.#states.get(memberId)?.phase !== 'starting');
    return this.#watchdog.look(new Map(joined), this.#effects.nowMs());
  }

  /** Revokes the leases of a stuck member, except that of a batch in progress. */
  fence(memberId: MemberId, budget: number): void {
    const all = this.#memories.map((_, partition) => partition as Partition);
    this.#take(`fence member ${memberId}`, all, () => memberId, budget);
  }

  /** Revokes leases of tables whose partitions the group has assigned to others. */
  handOver(budget: number): void {
    if (this.#work !== undefined) return;
    const waiting = [...this.#states].flatMap(([memberId, state]) =>
      state.phase === 'assigned' ? [[memberId, state.waiting] as const] : [],
    );
    const overdue = this.#handovers.overdue(new Map(waiting), this.#effects.nowMs());
    const { leaseOwner } = this.#product['count/lease'];
    if (overdue.length > 0) this.#take(`hand over {${overdue.join(', ')}}`, overdue, leaseOwner, budget);
  }

  /** @param ownerOf - the member whose lease is to be revoked */
  #take(
    what: string,
    partitions: readonly Partition[],
    ownerOf: (memory: FiberMemory) => number | undefined,
    budget: number,
  ): void {
    if (this.#work !== undefined) return;
    const { fence } = this.#product['count/lease'];
    let taken: (readonly [MemberId, Partition])[] = [];
    const run = (): void => {
      taken = [];
      for (const partition of partitions) {
        const memory = this.#memories[partition];
        if (memory === undefined) continue;
        const owner = ownerOf(memory);
        if (owner === undefined || fence(memory, owner) !== 'fenced') continue;
        taken.push([owner as MemberId, partition]);
      }
    };
    const then = (): void => {
      for (const [owner, partition] of taken) this.#handovers.leaseRevoked(owner, partition);
      this.#effects.taken(taken.length);
    };
    this.#begin({ what, run, then }, budget);
  }

  #begin(work: Work, budget: number): void {
    this.#work = work;
    this.fiber.forget();
    this.#continue(budget);
  }

  #continue(budget: number): void {
    const work = this.#work;
    if (work === undefined) return;
    this.fiber.rewind();
    if (!this.fiber.run(work.run, budget)) return;
    this.#work = undefined;
    work.then();
  }

  #recovery(memberId: MemberId): Work {
    const { recoverTables } = this.#product['cluster/table-registry'];
    let recovered: readonly { readonly partition: number }[] = [];
    return {
      what: `recover the tables of member ${memberId}`,
      run: () => {
        recovered = recoverTables(this.#memories, memberId);
      },
      then: () => {
        for (const { partition } of recovered) this.#effects.recovered(partition);
        this.#replace(memberId);
      },
    };
  }

  #replace(memberId: MemberId): void {
    const { ended } = this.#product['cluster/member-state'];
    const crashed = this.#states.get(memberId)?.phase === 'crashed';
    if (crashed) this.#crashesMs.push(this.#effects.nowMs());
    const wasLast = [...this.#states.values()].every((state) => ended(state));
    const member = { crashed, stopping: false, failed: false, fenced: false, hopeless: false, wasLast };
    const next = this.#product['cluster/restart-policy'].afterEnd(member, this.policy, this.#crashesMs);
    if (next.type === 'replace') this.#startsAtMs.push(this.#effects.nowMs() + next.delayMs);
  }
}
