import type { FaultScope } from '../history/event.ts';

/** What a fault needs, beyond a group of members in this process. */
export type FaultNeed = 'managed' | 'kafka';

/**
 * Faults of one lane never overlap: two processes told to die and to start at once, or two topics' worth of changes, would
 * only hide each other. Members have no lane: several may fail at once.
 */
export type FaultLane = 'none' | 'membership' | 'network' | 'broker' | 'topic' | 'process';

export interface KindFacts {
  readonly scope: FaultScope;
  readonly lane: FaultLane;
  /** How long it lasts, drawn from this range; 0 for what happens in a moment. Milliseconds. */
  readonly durationMs: readonly [min: number, max: number];
  /** `managed`: brokers started by this process; `kafka`: real brokers, wherever they come from. */
  readonly needs?: FaultNeed;
  /** Processes are gone until its end: a run can't go on when that fails. */
  readonly endsProcesses?: true;
  /** The topic can't be read again from its beginning: what was counted is held against the generator alone. */
  readonly deletes?: true;
  /** Nothing can follow it: it comes when everything else is over and counted, once in a run. */
  readonly last?: true;
  /** For people, after the kind. */
  readonly does: string;
}
