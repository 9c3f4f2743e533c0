import type { FaultKind } from './kinds.ts';
import type { FaultChoice } from './fault-choice.ts';
import type { FaultTarget } from './fault-target.ts';

/** One kind of fault. */
export interface Fault {
  readonly kind: FaultKind;
  /**
   * Chooses what it hits, among what there is at this moment, and does nothing yet.
   * @param choice.random - in [0, 1)
   * @returns undefined when there is nothing to hit: no live member, say
   */
  readonly aim: (target: FaultTarget, choice: FaultChoice) => Aim | undefined;
}

export interface Aim {
  /** For people: `member 3`, `broker 1`. */
  readonly text: string;
  readonly members?: readonly number[];
  /**
   * Takes effect. @returns what ends it; undefined when it ends by itself.
   * @param signal - aborted when the fault is to end early
   */
  readonly begin: (signal: AbortSignal) => Promise<FaultEnd | undefined>;
}

export type FaultEnd = () => Promise<void>;
