import assert from 'node:assert';
import { missing, runCalmRound } from './durable-heal.ts';
import type { DurableMember } from './durable-member.ts';
import type { DurableProcess } from './durable-process.ts';
import type { DurableWorld } from './durable-world.ts';
import type { ThreadPoints } from './thread-points.ts';

/** A world right before the steps that are enumerated. */
export interface Begun {
  readonly world: DurableWorld;
  /** Process of the thread that is to end. */
  readonly process: DurableProcess;
  /** Of this thread. */
  readonly points: ThreadPoints;
  /** That thread, unless it is the supervisor's or the changelog's. */
  readonly member?: DurableMember;
}

export interface DurableCrashCase {
  readonly name: string;
  readonly victim: 'member' | 'process';
  /** Process whose members get all partitions afterwards, if it has any. */
  readonly heir: 'process0' | 'process1';
  /** @param world - without processes */
  readonly begin: (world: DurableWorld) => Begun;
}

/** Records of each partition: counted and committed before, and available then. */
const before = 3;
const then = 6;
const settleRounds = 12;

/** All partitions belong to the first member of `owner` and are committed. */
function settle(world: DurableWorld, owner: string): void {
  for (let round = 0; round < settleRounds && missing(world) !== undefined; round += 1) {
    runCalmRound(world, { pick: (ids) => ids.find((id) => id.startsWith(owner)) ?? ids[0] ?? '' });
  }
  assert(missing(world) === undefined, 'the group has settled');
}

/** Two processes; the first owns everything. */
function twoProcesses(world: DurableWorld, members = 1): [first: DurableProcess, second: DurableProcess] {
  world.available.fill(before);
  const first = world.startProcess(members);
  settle(world, 'process0-0');
  const second = world.startProcess(1);
  // The group knows of its member.
  settle(world, 'process0-0');
  world.available.fill(then);
  return [first, second];
}

function memberOf(process: DurableProcess, index: number): DurableMember {
  const member = [...process.members.values()][index];
  assert(member !== undefined);
  return member;
}

/** Ends the owner when its changelog records and offsets have arrived, and its commit has not been sent. */
function endOwner(world: DurableWorld, owner: DurableMember, { isProcess }: { readonly isProcess: boolean }): void {
  owner.isProcess = isProcess;
  owner.points.onStep = (step) => {
    if (step === 'sendOffsets executed') owner.points.endsAt = owner.points.passed;
  };
  runCalmRound(world, { pick: () => owner.clientId, isLate: () => true });
  assert(world.coordinator.unfinished.includes(owner.clientId), 'its transaction is open');
}

const victims = ['member', 'process'] as const;
const heirs = ['process0', 'process1'] as const;

export const durableCrashCases: readonly DurableCrashCase[] = [
  ...heirs.map((heir) => ({
    name: `a commit, then ${heir === 'process0' ? 'the same' : 'the other'} process`,
    ...{ victim: 'member' as const, heir },
    begin: (world: DurableWorld): Begun => {
      const [process] = twoProcesses(world);
      const member = memberOf(process, 0);
      return { world, process, points: member.points, member };
    },
  })),
  {
    name: 'a commit that the group refuses',
    ...{ victim: 'member', heir: 'process0' },
    begin: (world) => {
      const [first, second] = twoProcesses(world);
      const member = memberOf(first, 0);
      world.group.remove(memberOf(second, 0).clientId);
      world.endProcess(second);
      return { world, process: first, points: member.points, member };
    },
  },
  ...victims.map((victim) => ({
    name: `a takeover from a process that died, ends the ${victim}`,
    ...{ victim, heir: 'process1' as const },
    begin: (world: DurableWorld): Begun => {
      const [first, second] = twoProcesses(world);
      endOwner(world, memberOf(first, 0), { isProcess: true });
      const member = memberOf(second, 0);
      return victim === 'member'
        ? { world, process: second, points: member.points, member }
        : { world, process: second, points: second.points };
    },
  })),
  ...victims.map((victim) => ({
    name: `a takeover from a thread of the same process, ends the ${victim}`,
    ...{ victim, heir: 'process0' as const },
    begin: (world: DurableWorld): Begun => {
      const [first] = twoProcesses(world, 2);
      endOwner(world, memberOf(first, 0), { isProcess: false });
      const member = memberOf(first, 0);
      return victim === 'member'
        ? { world, process: first, points: member.points, member }
        : { world, process: first, points: first.points };
    },
  })),
  ...victims.map((victim) => ({
    name: `a new process takes over, ends the ${victim}`,
    ...{ victim, heir: 'process1' as const },
    begin: (world: DurableWorld): Begun => {
      world.available.fill(before);
      world.startProcess(1);
      settle(world, 'process0-0');
      world.available.fill(then);
      const second = world.startProcess(1);
      const member = memberOf(second, 0);
      return victim === 'member'
        ? { world, process: second, points: member.points, member }
        : { world, process: second, points: second.points };
    },
  })),
  ...(['first', 'second', 'process'] as const).map((ends) => ({
    name: `a hand-over to another process, ends the ${ends === 'process' ? 'second process' : `${ends} member`}`,
    ...{ victim: ends === 'process' ? ('process' as const) : ('member' as const), heir: 'process1' as const },
    begin: (world: DurableWorld): Begun => {
      const [first, second] = twoProcesses(world);
      const target = memberOf(second, 0);
      world.group.rebalance(() => target.clientId);
      if (ends === 'process') return { world, process: second, points: second.points };
      const member = ends === 'first' ? memberOf(first, 0) : target;
      return { world, process: ends === 'first' ? first : second, points: member.points, member };
    },
  })),
];
