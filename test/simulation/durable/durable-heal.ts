import { TableReader } from '../../../src/count/table-reader.ts';
import { leaseOwner } from '../../../src/count/lease.ts';
import { Violation } from '../violation.ts';
import type { Duty } from './coordinator.ts';
import type { DurableProcess } from './durable-process.ts';
import type { DurableWorld } from './durable-world.ts';
import { pick } from './surroundings.ts';
import { expectContents, expectOwnTable } from './expect-changelog.ts';

const roundsMax = 200;
const roundMs = 250;
const dutiesMax = 100;

/**
 * The faults are over: stopped processes continue, dead members are removed, all threads run in turn.
 * @throws Violation unless every record is counted and committed, and all tables agree
 */
export function healAndExpectDurable(world: DurableWorld): void {
  world.trace('the faults are over');
  world.calm = true;
  for (const process of world.processes) {
    process.isStalled = false;
    process.points.endsAt = Infinity;
    for (const { points } of process.members.values()) points.onStep = undefined;
  }
  for (const [partition, { records }] of world.topic.entries()) world.available[partition] = records.length;
  for (let round = 0; round < roundsMax; round += 1) {
    // Two processes of one name may both have been fenced.
    if (world.processes.length === 0) world.startProcess(1);
    runCalmRound(world);
    if (areOwned(world)) endTimedOut(world);
    if (missing(world) === undefined) {
      expectEnd(world);
      return;
    }
  }
  throw new Violation('liveness', `${missing(world) ?? ''} after ${roundsMax} rounds without a fault`);
}

export interface CalmRoundOptions {
  /** Chooses an owner of each partition; by default at random. */
  readonly pick?: ((clientIds: readonly string[]) => string) | undefined;
  /** Whether something on the wire of a sender, or a duty of a broker, is late. */
  readonly isLate?: ((late: Duty | 'wire') => boolean) | undefined;
}

/** Every thread takes a turn, and all that is on its way arrives. */
export function runCalmRound(world: DurableWorld, options: CalmRoundOptions = {}): void {
  const { group, coordinator, wire, random } = world;
  const { pick: pickOwner = (ids: readonly string[]) => pick(random, ids) ?? '', isLate = () => false } = options;
  world.nowMs += roundMs;
  if (!isLate('wire')) for (const work of wire) work();
  const nextDuty = (): Duty | undefined => coordinator.duties.find((duty) => !isLate(duty));
  for (let done = 0, duty = nextDuty(); done < dutiesMax && duty !== undefined; done += 1, duty = nextDuty())
    duty.run();
  for (const process of [...world.processes]) if (!process.isStalled) runProcess(world, process);
  const living = world.processes.flatMap(({ members }) => [...members.values()].map(({ clientId }) => clientId));
  for (const clientId of group.clientIds) if (!living.includes(clientId)) group.remove(clientId);
  group.complete();
  if (!group.isComplete) group.rebalance(pickOwner);
  group.complete();
}

/** Any of the steps may be the last of the process. */
function runProcess(world: DurableWorld, process: DurableProcess): void {
  const isAlive = (): boolean => world.processes.includes(process);
  for (let inputs = 0; inputs < 3 && isAlive(); inputs += 1) world.supervise(process);
  if (isAlive()) world.follow(process);
  for (const member of [...process.members.values()]) if (isAlive()) world.step(process, member);
}

/** No restore waits for a transaction any more. */
function areOwned(world: DurableWorld): boolean {
  return world.topic.every((_, partition) => ownerOf(world, partition) !== undefined);
}

/** The coordinator aborts the transactions of dead members after their timeout. */
function endTimedOut({ coordinator, group }: DurableWorld): void {
  for (const id of coordinator.unfinished) if (!group.clientIds.includes(id)) coordinator.initialise(id);
}

/** What is not as it must become; undefined when all available records are counted and committed. */
export function missing(world: DurableWorld): string | undefined {
  if (!world.group.isComplete) return 'the group has not settled';
  for (const [partition, topic] of world.topic.entries()) {
    const end = (topic.records[(world.available[partition] ?? 0) - 1]?.offset ?? topic.beginOffset - 1) + 1;
    const log = world.coordinator.logs[partition];
    const owner = ownerOf(world, partition);
    if (owner === undefined) return `no member owns partition ${partition}`;
    const { nextOffset } = new TableReader(owner).progress();
    if (nextOffset < end) return `partition ${partition} is counted up to ${nextOffset} of ${end}`;
    if (log === undefined || log.lastStable < log.highWatermark)
      return `a transaction of partition ${partition} is open`;
    const progress = log.contentsBelow(log.highWatermark).progress?.nextOffset ?? topic.beginOffset;
    if (progress !== nextOffset) return `partition ${partition} is committed up to ${progress} of ${nextOffset}`;
    const offset = world.coordinator.committed.get(partition) ?? topic.beginOffset;
    if (offset !== nextOffset) return `the committed offset of partition ${partition} is ${offset}, not ${nextOffset}`;
  }
  return undefined;
}

/** The one table of the partition that a member holds and counts into. */
function ownerOf(world: DurableWorld, partition: number): SharedArrayBuffer | undefined {
  for (const { registry, members } of world.processes) {
    const table = registry.buffers[partition];
    const owner = table === undefined ? undefined : leaseOwner(table);
    if (table === undefined || owner === undefined) continue;
    const member = [...members.values()].find(({ memberId }) => memberId === owner);
    if (member?.consumer.member.given.includes(partition) === true) return table;
  }
  return undefined;
}

function expectEnd(world: DurableWorld): void {
  for (const process of world.processes) {
    world.follow(process);
    world.expectStandbys(process);
  }
  for (const [partition, topic] of world.topic.entries()) {
    const log = world.coordinator.logs[partition];
    const table = ownerOf(world, partition);
    if (table !== undefined) expectOwnTable(partition, table, topic);
    if (log !== undefined) expectContents(partition, topic, log.contentsBelow(log.highWatermark));
  }
}
