import type { FaultInProgress, FaultListener } from './faults/fault-runner.ts';
import type { PlannedFault } from './faults/schedule.ts';
import { nowMs } from '../time/clock.ts';
import type { HappenedFault } from './run-outcome.ts';

interface FaultLogOptions<Kind extends string> {
  /** Writes it to the history. */
  readonly record: (type: 'faultBegun' | 'faultEnded', fault: FaultInProgress<Kind>) => void;
  readonly log: (line: string) => void;
}

/** The faults of a run with their times since the release of the group. */
export class FaultLog<Kind extends string> implements FaultListener<Kind> {
  readonly happened: HappenedFault[] = [];
  /** Those that were skipped or could not begin, each with the reason. */
  readonly missed: string[] = [];
  /** Number of those that had an effect. */
  injected = 0;
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
    this.injected += 1;
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

  readonly onSkipped = ({ kind }: PlannedFault<Kind>): void => {
    const what = `${kind} skipped: no target`;
    this.missed.push(what);
    this.#to.log(`${this.#elapsed()}  ${what}`);
  };

  readonly onFailed = ({ planned }: FaultInProgress<Kind>, reason: string, hasBegun: boolean): void => {
    const what = `${planned.kind} failed: ${reason}`;
    if (!hasBegun) {
      this.missed.push(what);
      this.injected -= 1;
    }
    this.#to.log(`${this.#elapsed()}  ${what}`);
  };

  #elapsed(): string {
    return `${((nowMs() - this.#startMs) / 1_000).toFixed(1).padStart(6)} s`;
  }
}
