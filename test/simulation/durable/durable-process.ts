import type { ChangelogFollower } from '../../../src/member/changelog-follower.ts';
import type { TableRegistry } from '../../../src/cluster/table-registry.ts';
import type { BatchSums } from '../../../src/count/batch-sums.ts';
import type { CountTable } from '../../../src/count/table-memory.ts';
import type { ChangelogOrder } from '../../../src/protocol/changelog-task.ts';
import type { MemberId, Partition } from '../../../src/protocol/ids.ts';
import type { MemberMessage } from '../../../src/protocol/messages.ts';
import type { GroupMember } from './durable-group.ts';
import { DurableMember } from './durable-member.ts';
import type { DurableProduct } from './durable-product.ts';
import { SimReader } from './sim-reader.ts';
import { chance, Death, type Surroundings } from './surroundings.ts';
import { ThreadPoints } from './thread-points.ts';

export interface ProcessOptions {
  readonly world: Surroundings & { readonly nowMs: number; nextWriter(): number };
  readonly product: DurableProduct;
  readonly name: string;
  readonly protocol: 'EAGER' | 'COOPERATIVE';
  readonly standby: boolean;
  /** Members have the ids of their predecessors, also of those in an earlier process of this name. */
  readonly isStatic: boolean;
  readonly memberSums: BatchSums;
  readonly followerSums: BatchSums;
  /** A thread's view of shared memory. */
  readonly view: (buffer: SharedArrayBuffer, point: () => void) => CountTable;
  readonly trace: ((line: string) => void) | undefined;
}

type Request = Extract<MemberMessage, { type: 'restoreWanted' }>;
type Input =
  Request | { readonly type: 'exited'; readonly memberId: MemberId; readonly leaves: GroupMember | undefined };

/** One process: its tables, its members, its changelog thread, and the supervisor's part in a durable group. */
export class DurableProcess {
  readonly name: string;
  readonly registry: TableRegistry;
  readonly members = new Map<MemberId, DurableMember>();
  readonly follower: ChangelogFollower;
  /** Stopped for now: no thread of it runs. */
  isStalled = false;
  /** Points at which the changelog thread or the supervisor may end, and the process with it. */
  readonly points = new ThreadPoints();
  readonly #options: ProcessOptions;
  readonly #inputs: Input[] = [];
  readonly #orders: ChangelogOrder[] = [];
  readonly #open = new Map<Partition, number>();
  readonly #asked = new Set<Request>();
  /** Orders whose ends the brokers have given; the answer is on its way. */
  #answer: readonly ChangelogOrder[] = [];
  #membersEver = 0;

  constructor(options: ProcessOptions) {
    const { world, product, name, standby, followerSums, view } = options;
    this.#options = options;
    this.name = name;
    this.registry = new product['cluster/table-registry'].TableRegistry({
      beginOffsets: world.topic.map(({ beginOffset }) => beginOffset),
      tableLimitBytes: 1 << 21,
      group: { durable: {} } as never,
    });
    const { pass: point, store } = this.points;
    const { DurableCells } = product['count/durable-cells'];
    this.follower = new product['member/changelog-follower'].ChangelogFollower({
      reader: new SimReader(world, followerSums, point),
      sums: followerSums,
      tables: this.registry.buffers.map((buffer) => view(buffer, store)),
      durableCells: this.registry.durableCells.map((buffer) => new DurableCells(view(buffer, store))),
      followsAll: standby,
      releasePages: (bytes) => bytes.fill(0),
      topicId: undefined,
      clock: () => world.nowMs,
      post: (message) => {
        point(`post ${message.type}`);
        if (message.type === 'restored' && this.#open.get(message.partition) === message.request) {
          this.#open.delete(message.partition);
        }
        options.trace?.(`${name}: ${JSON.stringify(message)}`);
      },
    });
  }

  addMember(): DurableMember {
    const { world, product, protocol, memberSums, view } = this.#options;
    const memberId = this.#membersEver as MemberId;
    this.#membersEver += 1;
    const member = new DurableMember({
      ...{ world, product, memberId, protocol, sums: memberSums },
      clientId: this.#nextClientId(memberId),
      writer: world.nextWriter(),
      isStopped: () => this.isStalled,
      memory: (point) => ({
        tables: this.registry.buffers.map((buffer) => view(buffer, point)),
        cells: this.registry.durableCells.map((buffer) => view(buffer, point)),
      }),
      post: (message) => {
        if (message.type === 'restoreWanted') this.#inputs.push(message);
      },
    });
    this.members.set(memberId, member);
    return member;
  }

  /** The member's thread has ended; the supervisor receives its `exit` event later. */
  memberEnded(member: DurableMember): void {
    member.close();
    this.members.delete(member.memberId);
    const { isStatic, world } = this.#options;
    // The client of a static member does not leave; the supervisor does, unless it is replaced at once.
    const leaves = chance(world.random, isStatic ? 0.2 : 0.7) || (member.hasLeft && !isStatic);
    const { member: departed } = member.consumer;
    this.#inputs.push({ type: 'exited', memberId: member.memberId, leaves: leaves ? departed : undefined });
    if (member.hasLeft && !isStatic) world.group.remove(member.clientId);
  }

  /** A turn of the changelog thread. @returns whether the process ends with it */
  follow(): boolean {
    this.points.beginTurn();
    return dies(() => {
      for (const order of this.#orders.splice(0)) {
        if (order.type === 'restore') this.follower.restore(order);
        if (order.type === 'hold') this.follower.hold(order.partitions);
      }
      this.follower.run();
    });
  }

  /** One step of the supervisor. @returns whether the process ends with it */
  supervise(): boolean {
    return dies(() => {
      const { world, standby } = this.#options;
      const { random, endsDead = chance(random, 0.5) } = world;
      const input = this.#inputs.shift();
      if (input !== undefined) this.#take(input);
      for (const order of this.#answer) this.#orders.push(order);
      if (this.#answer.length > 0) {
        this.points.pass('order restore');
        this.#answer = [];
      } else if (this.#asked.size > 0) this.#ask();
      if (!standby && chance(random, 0.1)) this.#placeCopies();
      if (endsDead) this.#endDeadTransactions();
    });
  }

  /** All threads have ended: only what is on the wire is left. */
  close(): void {
    for (const member of this.members.values()) member.close();
  }

  #nextClientId(memberId: MemberId): string {
    if (!this.#options.isStatic) return `${this.name}-${memberId}`;
    const taken = [...this.members.values()].map(({ clientId }) => clientId);
    for (let slot = 0; ; slot += 1) {
      const clientId = `${this.name}-${slot}`;
      if (!taken.includes(clientId)) return clientId;
    }
  }

  #take(input: Input): void {
    this.points.pass(`take ${input.type}`);
    if (input.type === 'restoreWanted') {
      this.#open.set(input.partition, input.request);
      this.#asked.add(input);
      return;
    }
    this.registry.recoverTablesOf(input.memberId);
    this.registry.dropRequestsOf(input.memberId);
    if (input.leaves !== undefined) this.#options.world.group.remove(input.leaves.clientId, input.leaves);
    if (this.members.size === 0) this.addMember();
  }

  #ask(): void {
    this.points.pass('ask ends');
    const { coordinator } = this.#options.world;
    this.#answer = [...this.#asked].map(({ partition, request }) => ({
      ...{ type: 'restore', partition, request, endOffset: coordinator.logs[partition]?.highWatermark ?? 0 },
    }));
    this.#asked.clear();
  }

  /** Any partitions: what is held decides how fast a takeover is, not what is counted. */
  #placeCopies(): void {
    this.points.pass('order hold');
    const { random } = this.#options.world;
    const partitions = [...this.registry.buffers.keys()].filter(() => chance(random, 0.5)) as Partition[];
    this.#orders.push({ type: 'hold', partitions });
  }

  #endDeadTransactions(): void {
    for (const [partition, request] of this.#open) {
      if (!this.registry.isRequested(partition, request)) this.#open.delete(partition);
    }
    if (this.#open.size === 0) return;
    const { coordinator, group } = this.#options.world;
    const living = group.clientIds;
    for (const id of coordinator.unfinished) {
      if (living.includes(id)) continue;
      this.points.pass('end dead transaction');
      coordinator.initialise(id);
    }
  }
}

function dies(run: () => void): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof Death) return true;
    throw error;
  }
}
