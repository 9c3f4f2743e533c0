import assert from 'node:assert';
import type { FaultScope, MemberEffect } from '../../history/event.ts';
import type { FaultChoice, FaultWorld } from './fault-world.ts';

/** `managed`: brokers that this process started. `kafka`: real brokers, also external ones. */
export type FaultNeed = 'managed' | 'kafka';

/**
 * Faults of one lane never overlap: two faults that kill and start brokers, or change the topic,
 * would hide each other's effects. Faults with lane `none` may overlap with all: several members
 * may fail at once.
 */
export type FaultLane = 'none' | 'membership' | 'network' | 'broker' | 'topic' | 'process';

/** One kind of fault: all facts about it, and what it does. */
export interface Fault<Kind extends string = string, World = FaultWorld> {
  /**
   * Its value in `--faults`, scenario files and histories, so it is never renamed. Seeds draw by
   * it.
   */
  readonly kind: Kind;
  /** Help text after the kind: a phrase that begins with a verb. */
  readonly does: string;
  /**
   * Which partitions the fault may hold up, and therefore what the checks excuse; see FaultScope.
   */
  readonly scope: FaultScope;
  readonly lane: FaultLane;
  /** The range of its duration in milliseconds, or `instant`. */
  readonly durationMs: readonly [min: number, max: number];
  /** What the fault needs besides members in this process. */
  readonly needs?: FaultNeed;
  /**
   * What happens to the members that the fault is aimed at; undefined when their threads continue.
   */
  readonly memberEffect?: MemberEffect;
  /**
   * Runs with this fault have no watchdog and a short max.poll.interval.ms, because the member has
   * to resume.
   */
  readonly needsNoWatchdog?: true;
  /**
   * The fault ends processes until its own end. The run can't continue if they do not start again.
   */
  readonly endsProcesses?: true;
  /**
   * The topic can't be reread from its beginning, so the counts are compared with the generator
   * alone.
   */
  readonly deletesRecords?: true;
  /**
   * No fault can follow this one: it occurs once, when all other faults have ended and every record
   * is counted.
   */
  readonly endsRun?: true;
  /**
   * Part of the seeded mixture of the self-test. The programs of a self-test share their brokers,
   * so such a fault must not break brokers.
   */
  readonly inSelfTest?: true;
  /**
   * Chooses what the fault hits among what exists now, without any effect yet.
   * @returns undefined when there is no target: no live member, for example
   */
  readonly aim: (world: World, choice: FaultChoice) => Aim | undefined;
}

/** What a fault is about to hit. */
export interface Aim {
  /** Shown to users: `member 3`, `broker 1`. */
  readonly text: string;
  readonly members?: readonly number[];
  /** No LeaveGroup is sent for those members: their sessions have to expire. */
  readonly silent?: true;
  /**
   * Starts the fault.
   * @param signal - aborted when the fault has to end early
   * @returns the function that ends the fault; undefined when there is nothing to undo
   */
  readonly begin: (signal: AbortSignal) => Promise<FaultEnd | undefined>;
}

export type FaultEnd = () => Promise<void>;

/** Duration of a fault that has no end. */
export const instant = [0, 0] as const;

/** Declares a kind of fault. A new kind needs only its file and a line in all-faults.ts. */
export function defineFault<const Kind extends string, World = FaultWorld>(
  fault: Fault<Kind, World>,
): Fault<Kind, World> {
  return fault;
}

/** @returns a function that finds a fault by its kind, and throws an AssertionError for another kind */
export function faultFinder<Kind extends string, World>(
  faults: readonly Fault<Kind, World>[],
): (kind: Kind) => Fault<Kind, World> {
  const byKind: ReadonlyMap<Kind, Fault<Kind, World>> = new Map(faults.map((fault) => [fault.kind, fault]));
  return (kind) => {
    const fault = byKind.get(kind);
    assert(fault !== undefined, `unknown kind of fault: ${kind}`);
    return fault;
  };
}
