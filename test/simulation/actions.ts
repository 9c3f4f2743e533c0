import type { MemberId } from '../../src/protocol/ids.ts';
import type { MemberThread } from './member-thread.ts';
import { workText, type MemberWork } from './sim-member.ts';
import { watchdogMs } from './sim-supervisor.ts';
import type { World } from './world.ts';

const membersMax = 3;
const killsMax = 3;

/** The actions that a seed may choose, one small step at a time. */
export class Actions {
  kills = 0;
  readonly #world: World;
  readonly #random: () => number;
  readonly #trace: ((line: string) => void) | undefined;
  /** Shares of the actions, in tenths of a percent. */
  readonly #table: readonly (readonly [share: number, action: () => void])[];

  constructor(world: World, random: () => number, trace?: (line: string) => void) {
    this.#world = world;
    this.#random = random;
    this.#trace = trace;
    const act = (share: number, action: () => void): readonly [number, () => void] => [share, action];
    this.#table = [
      act(600, this.#member.bind(this)),
      act(130, this.#supervisor.bind(this)),
      act(80, this.#read.bind(this)),
      act(50, this.rebalance.bind(this)),
      act(30, this.#kill.bind(this)),
      act(30, this.#stall.bind(this)),
      act(30, this.#look.bind(this)),
      act(15, this.#leave.bind(this)),
      act(15, this.#add.bind(this)),
      act(10, this.#loseSession.bind(this)),
      act(10, this.#meddle.bind(this)),
    ];
  }

  /** One action, as the seed has it. */
  any(): void {
    this.#world.pass(Math.floor(this.#random() * 200));
    let point = this.#random() * this.#table.reduce((sum, [share]) => sum + share, 0);
    for (const [share, action] of this.#table) {
      if (point < share) {
        action();
        return;
      }
      point -= share;
    }
  }

  /** Assigns every partition to one of the group's members. */
  rebalance(): void {
    const { group, topic } = this.#world;
    const members = group.members();
    if (members.length === 0) return;
    const owners = topic.map(() => this.#pick(members));
    this.#note(`the group gives partitions to members ${owners.join(', ')}`);
    group.rebalance(owners);
  }

  #member(): void {
    const awake = [...this.#world.live.values()].filter(({ memberId }) => this.#isAwake(memberId));
    if (awake.length === 0) return;
    const thread = this.#pick(awake);
    const budget = this.#budget();
    const work = thread.inHand === undefined ? this.#work(thread) : undefined;
    const before = thread.fiber.accesses;
    const what = workText(work ?? thread.inHand);
    const done = this.#world.step(thread, work, budget);
    this.#note(`member ${thread.memberId} ${what}: ${thread.fiber.accesses - before} accesses${done ? ', done' : ''}`);
  }

  #work({ memberId }: MemberThread): MemberWork {
    const heard = this.#random() < 0.5 ? this.#world.group.takeCallback(memberId) : undefined;
    if (heard !== undefined) {
      const late = heard.event.type === 'assign' && heard.outdated && this.#random() < 0.5;
      if (late) this.#world.group.notTaken(memberId, heard.event.partitions);
      return { type: 'rebalance', event: heard.event, late };
    }
    const redelivered = this.#random() < 0.1 ? 1 + Math.floor(this.#random() * 2) : 0;
    const recordsMax = 1 + Math.floor(this.#random() * 4);
    return { type: 'turn', batches: this.#random() < 0.3 ? 2 : 1, recordsMax, redelivered };
  }

  #supervisor(): void {
    const { supervisor } = this.#world;
    const before = supervisor.fiber.accesses;
    supervisor.step(this.#budget());
    const accesses = supervisor.fiber.accesses - before;
    if (accesses > 0) this.#note(`supervisor: ${accesses} accesses${supervisor.inHand === undefined ? ', done' : ''}`);
  }

  #read(): void {
    const { reader, topic } = this.#world;
    const partition = Math.floor(this.#random() * topic.length);
    const kind = this.#random() < 0.3 ? 'progress' : 'snapshot';
    const before = reader.fiber.accesses;
    const done = reader.step({ partition, kind }, this.#budget());
    this.#note(`reader: ${reader.fiber.accesses - before} accesses${done ? ', done' : ''}`);
  }

  #kill(): void {
    if (this.kills === killsMax || this.#world.live.size === 0) return;
    const { memberId, inHand } = this.#pick([...this.#world.live.values()]);
    this.kills += 1;
    this.#note(`member ${memberId} dies${inHand === undefined ? '' : ` in its ${inHand.type}`}`);
    this.#world.kill(memberId);
  }

  /** Stops a member, or wakes it. Now and then one stops for ever. */
  #stall(): void {
    if (this.#world.live.size === 0) return;
    const { memberId } = this.#pick([...this.#world.live.values()]);
    const { stalled, stuck } = this.#world;
    const woken = stalled.delete(memberId);
    if (!woken && this.#random() < 0.2 && stuck.size === 0) stuck.add(memberId);
    else if (!woken) stalled.add(memberId);
    this.#note(`member ${memberId} ${woken ? 'wakes' : stuck.has(memberId) ? 'is stuck' : 'stalls'}`);
  }

  /** The watchdog looks, in steps short enough not to look like a pause of the supervisor. Stuck members are fenced, and mostly ended. */
  #look(): void {
    for (let look = 0; look < 6; look += 1) {
      this.#world.pass(watchdogMs / 4);
      for (const memberId of this.#world.look()) {
        const kills = this.#random() < 0.7;
        this.#note(`supervisor fences member ${memberId}${kills ? ' and ends it' : ''}`);
        this.#world.supervisor.fence(memberId, this.#budget());
        if (kills) this.#world.kill(memberId);
      }
      this.#world.supervisor.handOver(this.#budget());
      if (this.#random() < 0.3) return;
    }
  }

  #leave(): void {
    const idle = [...this.#world.live.values()].filter(
      ({ memberId, inHand }) => inHand === undefined && this.#isAwake(memberId),
    );
    if (idle.length < 2) return;
    const thread = this.#pick(idle);
    const done = this.#world.step(thread, { type: 'leave' }, this.#budget());
    this.#note(`member ${thread.memberId} leaves${done ? ', done' : ''}`);
  }

  #add(): void {
    if (this.#world.live.size >= membersMax) return;
    const { memberId } = this.#world.start();
    this.#note(`member ${memberId} starts`);
  }

  #loseSession(): void {
    const { group } = this.#world;
    const members = group.members();
    if (members.length < 2) return;
    const memberId = this.#pick(members);
    this.#note(`the group drops member ${memberId}`);
    group.drop(memberId);
    const others = members.filter((other) => other !== memberId);
    group.rebalance(
      this.#world.topic.map(() => this.#pick(others)),
      others,
    );
  }

  #meddle(): void {
    const { topic, group } = this.#world;
    const partition = Math.floor(this.#random() * topic.length);
    const { beginOffset = 0, endOffset = 0 } = topic[partition] ?? {};
    const offset = beginOffset + Math.floor(this.#random() * (endOffset - beginOffset + 1));
    this.#note(`another tool commits ${offset} of partition ${partition}`);
    group.meddle(partition, offset);
  }

  #isAwake(memberId: MemberId): boolean {
    return !this.#world.stalled.has(memberId) && !this.#world.stuck.has(memberId);
  }

  /** Accesses until the next change of threads: often to the end, often few. */
  #budget(): number {
    const kind = this.#random();
    if (kind < 0.4) return Infinity;
    return 1 + Math.floor(this.#random() * (kind < 0.7 ? 20 : 300));
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)] as Item;
  }

  #note(line: string): void {
    this.#trace?.(line);
  }
}
