import type { FaultUnderWay, NemesisListener } from '../faults/nemesis.ts';
import type { PlannedFault } from '../faults/schedule.ts';
import { nowMs } from '../metrics/clock.ts';
import type { HappenedFault, MissedFault } from './run-outcome.ts';

/** Which faults have happened when, counted from the release of the group. */
export class FaultLog implements NemesisListener {
  readonly happened: HappenedFault[] = [];
  readonly missed: MissedFault[] = [];
  readonly #log: (line: string) => void;
  readonly #begun = new Map<number, number>();
  #startMs = 0;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  start(atMs: number): void {
    this.#startMs = atMs;
  }

  readonly onBegun = ({ index, planned, target }: FaultUnderWay): void => {
    this.#begun.set(index, this.#nowMs());
    this.#log(`${seconds(this.#nowMs())}  ${planned.kind}: ${target}`);
  };

  readonly onEnded = ({ index, planned, target }: FaultUnderWay): void => {
    const beginMs = this.#begun.get(index) ?? 0;
    this.happened.push({ kind: planned.kind, target, beginMs, endMs: this.#nowMs() });
  };

  readonly onMissed = (planned: PlannedFault, why: string): void => {
    this.missed.push({ kind: planned.kind, why });
    this.#log(`${seconds(this.#nowMs())}  ${planned.kind} missed: ${why}`);
  };

  #nowMs(): number {
    return nowMs() - this.#startMs;
  }
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1).padStart(6)} s`;
}
