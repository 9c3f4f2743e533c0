import type { FaultInProgress, FaultListener } from './faults/fault-runner.ts';
import type { PlannedFault } from './faults/schedule.ts';
import { nowMs } from '../time/clock.ts';
import type { HappenedFault, MissedFault } from './run-outcome.ts';

interface FaultLogOptions<Kind extends string> {
  /** Writes it to the history. */
  readonly record: (type: 'faultBegun' | 'faultEnded', fault: FaultInProgress<Kind>) => void;
  readonly log: (line: string) => void;
}

/** The faults of a run with their times since the release of the group. */
export class FaultLog<Kind extends string> implements FaultListener<Kind> {
  readonly happened: HappenedFault[] = [];
  readonly missed: MissedFault[] = [];
  readonly #to: FaultLogOptions<Kind>;
  readonly #begun = new Map<number, number>();
  #startMs = 0;

  constructor(to: FaultLogOptions<Kind>) {
    this.#to = to;
  }

  start(atMs: number): void {
    this.#startMs = atMs;
  }

  readonly onBegun = (fault: FaultInProgress<Kind>): void => {
    this.#begun.set(fault.index, nowMs() - this.#startMs);
    this.#to.record('faultBegun', fault);
    this.#to.log(`${this.#elapsed()}  ${fault.planned.kind}: ${fault.aim.text}`);
  };

  readonly onEnded = (fault: FaultInProgress<Kind>): void => {
    const { planned, aim, index } = fault;
    const beganAtMs = this.#begun.get(index) ?? 0;
    const endedAtMs = nowMs() - this.#startMs;
    this.happened.push({ kind: planned.kind, target: aim.text, beganAtMs, endedAtMs });
    this.#to.record('faultEnded', fault);
  };

  readonly onMissed = (planned: PlannedFault<Kind>, reason: string): void => {
    this.missed.push({ kind: planned.kind, why: reason });
    this.#to.log(`${this.#elapsed()}  ${planned.kind} missed: ${reason}`);
  };

  #elapsed(): string {
    return `${((nowMs() - this.#startMs) / 1_000).toFixed(1).padStart(6)} s`;
  }
}
