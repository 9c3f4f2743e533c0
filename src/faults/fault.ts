import type { FaultScope, MemberEffect } from '../history/event.ts';
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
export interface Fault<Kind extends string = string> {
  /**
   * Its value in `--faults`, scenario files and histories, so it is never renamed. Seeds draw by
   * it.
   */
  readonly kind: Kind;
  /** For the help text, after the kind: a phrase that begins with a verb. */
  readonly does: string;
  /** Which partitions it may hold up, and so what the checks excuse: see FaultScope. */
  readonly scope: FaultScope;
  readonly lane: FaultLane;
  /** The range of its duration in milliseconds, or `instant`. */
  readonly durationMs: readonly [min: number, max: number];
  /** What it needs, besides members in this process. */
  readonly needs?: FaultNeed;
  /** What happens to the members it is aimed at; undefined when their threads continue. */
  readonly memberEffect?: MemberEffect;
  /**
   * Runs with it have no watchdog and a short max.poll.interval.ms: the member has to be able to
   * resume.
   */
  readonly needsNoWatchdog?: true;
  /** It ends processes until its own end: a run can't continue if they do not start again. */
  readonly endsProcesses?: true;
  /**
   * The topic can't be reread from its beginning: the counts are compared with the generator alone.
   */
  readonly deletesRecords?: true;
  /** Nothing can follow it: it comes once, after all other faults, when everything is counted. */
  readonly endsRun?: true;
  /**
   * Part of the mixture of the self-test, whose programs share their brokers: it must not break
   * those.
   */
  readonly inSelfTest?: true;
  /**
   * Chooses what it hits among what exists now, and does nothing yet.
   * @returns undefined when there is nothing to hit: no live member, for example
   */
  readonly aim: (world: FaultWorld, choice: FaultChoice) => Aim | undefined;
}

/** What a fault is going to hit. */
export interface Aim {
  /** For people: `member 3`, `broker 1`. */
  readonly text: string;
  readonly members?: readonly number[];
  /** Nothing sends a LeaveGroup for those members: their sessions have to expire. */
  readonly silent?: true;
  /**
   * Takes effect.
   * @param signal - aborted when the fault has to end early
   * @returns the function that ends the fault; undefined when there is nothing to undo
   */
  readonly begin: (signal: AbortSignal) => Promise<FaultEnd | undefined>;
}

export type FaultEnd = () => Promise<void>;

/** Duration of a fault that has no end of its own. */
export const instant = [0, 0] as const;

/**
 * Declares a kind of fault. Its file, and a line in all-faults.ts, are all that a new kind needs.
 */
export function defineFault<const Kind extends string>(fault: Fault<Kind>): Fault<Kind> {
  return fault;
}
