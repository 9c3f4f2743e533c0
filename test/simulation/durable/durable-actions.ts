import type { DurableMember } from './durable-member.ts';
import type { DurableProcess } from './durable-process.ts';
import type { DurableWorld } from './durable-world.ts';
import { chance, pick } from './surroundings.ts';

const processesMax = 3;
const membersMax = 3;
/** Records, requests and markers that arrive in one action at most. */
const deliveriesMax = 20;
/** Points within one turn at most. */
const turnPoints = 60;

/** The actions that a seed may choose. */
export class DurableActions {
  kills = 0;
  readonly #world: DurableWorld;
  readonly #table: readonly (readonly [share: number, action: () => void])[];
  readonly #shares: number;

  constructor(world: DurableWorld) {
    this.#world = world;
    const act = (share: number, action: () => void): readonly [number, () => void] => [share, action];
    // Where something happens all the time, hardly a commit is completed.
    const peace = pick(world.random, [1, 0.3, 0.1]) ?? 1;
    const disturb = (share: number, action: () => void): readonly [number, () => void] => [share * peace, action];
    this.#table = [
      act(420, this.#member.bind(this)),
      act(170, this.#follow.bind(this)),
      act(100, this.#supervise.bind(this)),
      act(170, this.#broker.bind(this)),
      act(50, this.#produce.bind(this)),
      disturb(8, this.#rebalance.bind(this)),
      disturb(8, this.#killMember.bind(this)),
      disturb(3, this.#killProcess.bind(this)),
      disturb(8, this.#startProcess.bind(this)),
      disturb(6, this.#stall.bind(this)),
      disturb(4, this.#endSession.bind(this)),
      disturb(6, this.#leave.bind(this)),
      disturb(6, this.#addMember.bind(this)),
      disturb(3, this.#revokeLease.bind(this)),
      disturb(12, this.#stallInCommit.bind(this)),
    ];
    this.#shares = this.#table.reduce((sum, [share]) => sum + share, 0);
  }

  /** One action, as the seed has it. */
  any(): void {
    const { random } = this.#world;
    this.#world.nowMs += Math.floor(random() * 40);
    if (chance(random, 0.002)) this.#world.nowMs += 12_000;
    this.#world.group.complete();
    if (this.#world.group.isDisturbed && chance(random, 0.1)) this.#rebalance();
    let point = random() * this.#shares;
    for (const [share, action] of this.#table) {
      if (point < share) {
        action();
        return;
      }
      point -= share;
    }
  }

  #awake(): DurableProcess | undefined {
    const { random, processes } = this.#world;
    return pick(
      random,
      processes.filter(({ isStalled }) => !isStalled),
    );
  }

  #memberOf(process: DurableProcess | undefined): DurableMember | undefined {
    return process === undefined ? undefined : pick(this.#world.random, [...process.members.values()]);
  }

  #member(): void {
    const process = this.#awake();
    const member = this.#memberOf(process);
    if (process !== undefined && member !== undefined) this.#world.step(process, member);
  }

  #follow(): void {
    const process = this.#awake();
    if (process !== undefined) this.#world.follow(process);
  }

  #supervise(): void {
    const process = this.#awake();
    if (process !== undefined) this.#world.supervise(process);
  }

  /** Some markers become visible, or some records or requests arrive. */
  #broker(): void {
    const { random, wire, coordinator } = this.#world;
    const most = 1 + Math.floor(random() * deliveriesMax);
    for (let done = 0; done < most; done += 1) {
      const duties = coordinator.duties.map(({ run }) => run);
      pick(random, [...wire, ...duties, ...duties])?.();
    }
  }

  #produce(): void {
    const { random, topic, available } = this.#world;
    const partition = Math.floor(random() * topic.length);
    const most = topic[partition]?.records.length ?? 0;
    available[partition] = Math.min(most, (available[partition] ?? 0) + 1 + Math.floor(random() * 3));
  }

  #rebalance(): void {
    const { group, random } = this.#world;
    group.rebalance((ids) => pick(random, ids) ?? '');
  }

  /** The thread ends at a point of one of its next turns. */
  #killMember(): void {
    const process = this.#awake();
    const member = this.#memberOf(process);
    if (process === undefined || member === undefined) return;
    this.kills += 1;
    member.points.endsAt = member.points.passed + Math.floor(this.#world.random() * turnPoints);
    this.#world.trace(`${member.clientId} is about to die`);
  }

  #killProcess(): void {
    const { random, processes } = this.#world;
    const process = pick(random, processes);
    if (process === undefined) return;
    this.kills += 1;
    if (chance(random, 0.5)) this.#world.endProcess(process);
    else process.points.endsAt = process.points.passed + Math.floor(random() * turnPoints);
  }

  #startProcess(): void {
    const { random, processes } = this.#world;
    if (processes.length >= processesMax) return;
    const process = this.#world.startProcess(1 + Math.floor(random() * 2), this.#earlierName());
    this.#world.trace(`${process.name} starts`);
  }

  /** A process is restarted under its name, perhaps because it seemed dead. */
  #earlierName(): string | undefined {
    const { random, processes, ended, isStatic } = this.#world;
    if (!isStatic) return undefined;
    const stalled = processes.filter(({ isStalled }) => isStalled).map(({ name }) => name);
    return chance(random, 0.8) ? pick(random, [...ended, ...stalled]) : undefined;
  }

  #stall(): void {
    const process = pick(this.#world.random, this.#world.processes);
    if (process === undefined) return;
    process.isStalled = !process.isStalled;
    this.#world.trace(`${process.name} ${process.isStalled ? 'stops' : 'continues'}`);
  }

  /** A process stops within a commit of its member, until the group has removed the member. */
  #stallInCommit(): void {
    const { random, group } = this.#world;
    const process = this.#awake();
    const member = this.#memberOf(process);
    if (process === undefined || member === undefined) return;
    const { points, clientId } = member;
    const last = pick(random, ['produced', 'sendOffsets', 'sendOffsets answered', 'commit sent']);
    points.onStep = (step) => {
      if (step !== last) return;
      points.onStep = undefined;
      process.isStalled = true;
      this.#world.trace(`${clientId} stops at '${step}', the group removes it`);
      group.remove(clientId);
    };
  }

  /** The group removes a member, whether it lives or not. */
  #endSession(): void {
    const { group, random } = this.#world;
    const clientId = pick(random, group.clientIds);
    if (clientId === undefined) return;
    this.#world.trace(`the group removes ${clientId}`);
    group.remove(clientId);
  }

  #leave(): void {
    const member = this.#memberOf(this.#awake());
    if (member === undefined) return;
    this.#world.trace(`${member.clientId} leaves`);
    member.isLeaving = true;
  }

  #addMember(): void {
    const process = this.#awake();
    if (process === undefined || process.members.size >= membersMax) return;
    this.#world.trace(`${process.addMember().clientId} joins`);
  }

  /** The supervisor takes a table from a member that seems stuck. */
  #revokeLease(): void {
    const process = this.#awake();
    const member = this.#memberOf(process);
    if (process === undefined || member === undefined) return;
    const fenced = process.registry.fenceTablesOf(member.memberId);
    if (fenced.length === 0) return;
    this.#world.trace(`${member.clientId} is fenced from ${fenced.join(', ')}`);
    // Its thread is terminated soon, also when the faults are over.
    member.points.endsAt = member.points.passed + Math.floor(this.#world.random() * turnPoints);
  }
}
