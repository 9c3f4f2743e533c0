import type { MemberId } from '../../src/protocol/ids.ts';
import { watchdogMs } from './sim-supervisor.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

const roundsMax = 80;

/**
 * The faults are over: stalled members wake, stuck ones stay stuck until the watchdog finds them, and
 * all threads run in turn.
 * @throws Violation unless every record is counted exactly, and the committed offsets say so
 */
export function healAndExpect(world: World, random: () => number, trace?: (line: string) => void): void {
  trace?.('the faults are over');
  world.stalled.clear();
  let calm = 0;
  for (let round = 0; round < roundsMax && calm < 3; round += 1) {
    // A waiting member that still saw the old lease would not claim before the rounds are over.
    if (calm > 0) world.settleMemory();
    runRound(world);
    settleGroup(world, random);
    calm = world.missing === 0 && world.stuck.size === 0 && world.supervisor.isIdle ? calm + 1 : 0;
  }
  if (calm === 0) throw new Violation('liveness', `${stateText(world)} after ${roundsMax} rounds without a fault`);
  for (const { partition, lease } of world.tables) {
    if (lease.applying) throw new Violation('liveness', `partition ${partition} is still being applied to`);
    world.expectTable(partition);
  }
  expectCommitted(world);
  expectReported(world);
}

function runRound(world: World): void {
  world.reader.step({ partition: 0, kind: 'snapshot' }, Infinity);
  world.pass(watchdogMs / 8);
  for (const memberId of world.look()) {
    world.supervisor.fence(memberId, Infinity);
    world.kill(memberId);
  }
  world.supervisor.handOver(Infinity);
  for (let messages = 0; messages < 20; messages += 1) world.supervisor.step(Infinity);
  for (const thread of [...world.live.values()]) {
    if (world.stuck.has(thread.memberId)) continue;
    if (thread.inHand !== undefined) world.step(thread, undefined, Infinity);
    while (world.live.has(thread.memberId)) {
      const heard = world.group.takeCallback(thread.memberId);
      if (heard === undefined) break;
      world.step(thread, { type: 'rebalance', event: heard.event, late: false }, Infinity);
    }
    if (world.live.has(thread.memberId))
      world.step(thread, { type: 'turn', batches: 1, recordsMax: 4, redelivered: 0 }, Infinity);
  }
}

/** The group removes dead members, and assigns all partitions to live ones. */
function settleGroup({ group, live, stuck, topic }: World, random: () => number): void {
  const members = group.members();
  const dead = members.filter((memberId) => !live.has(memberId) || stuck.has(memberId));
  for (const memberId of dead) group.forget(memberId);
  const alive = group.members();
  const first = alive[0];
  if (first === undefined || (dead.length === 0 && group.isComplete(topic.length))) return;
  group.rebalance(topic.map(() => alive[Math.floor(random() * alive.length)] ?? first));
}

function expectCommitted({ group, tables }: World): void {
  for (const { partition, nextOffset } of tables) {
    const committed = group.committedOffset(partition);
    if (group.meddled.has(partition) || committed === nextOffset) continue;
    throw new Violation(
      'commits',
      `partition ${partition}: committed ${committed ?? 'nothing'}, counted up to ${nextOffset}`,
    );
  }
}

/** A member that claims a table reports it. */
function expectReported({ tables, live, supervisor }: World): void {
  for (const { partition, lease } of tables) {
    const owner = lease.owner as MemberId | undefined;
    if (owner === undefined || !live.has(owner) || supervisor.partitionsOf(owner).includes(partition)) continue;
    throw new Violation('reports', `partition ${partition}: member ${owner} owns the table and has not reported it`);
  }
}

function stateText({ missing, live, stuck, supervisor, tables }: World): string {
  const owners = tables.map(({ lease }) => lease.owner ?? 'no member').join(', ');
  const idle = supervisor.isIdle ? '' : ', supervisor not idle';
  return `${missing} records missing, ${live.size} members (${stuck.size} stuck), tables held by ${owners}${idle}`;
}
