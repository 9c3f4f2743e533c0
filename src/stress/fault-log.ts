import type { FaultUnderWay, NemesisListener } from '../faults/nemesis.ts';
import { factsOf } from '../faults/kinds.ts';
import type { PlannedFault } from '../faults/schedule.ts';
import { nowMs } from '../metrics/clock.ts';
import type { HistoryRecorder } from '../history/history-recorder.ts';
import type { HappenedFault, MissedFault } from './run-outcome.ts';

interface FaultLogOptions {
  readonly group: string;
  readonly recorder: HistoryRecorder;
  readonly log: (line: string) => void;
}

/** Which faults have happened when, counted from the release of the group. */
export class FaultLog implements NemesisListener {
  readonly happened: HappenedFault[] = [];
  readonly missed: MissedFault[] = [];
  readonly #to: FaultLogOptions;
  readonly #begun = new Map<number, number>();
  #startMs = 0;

  constructor(to: FaultLogOptions) {
    this.#to = to;
  }

  start(atMs: number): void {
    this.#startMs = atMs;
  }

  readonly onBegun = (fault: FaultUnderWay): void => {
    this.#begun.set(fault.index, nowMs() - this.#startMs);
    this.#write('faultBegun', fault);
    this.#to.log(`${this.#elapsed()}  ${fault.planned.kind}: ${fault.target}`);
  };

  readonly onEnded = (fault: FaultUnderWay): void => {
    const { planned, target, index } = fault;
    const beginMs = this.#begun.get(index) ?? 0;
    this.happened.push({ kind: planned.kind, target, beginMs, endMs: nowMs() - this.#startMs });
    this.#write('faultEnded', fault);
  };

  readonly onMissed = (planned: PlannedFault, why: string): void => {
    this.missed.push({ kind: planned.kind, why });
    this.#to.log(`${this.#elapsed()}  ${planned.kind} missed: ${why}`);
  };

  #write(type: 'faultBegun' | 'faultEnded', { index, planned, target, members }: FaultUnderWay): void {
    const { kind } = planned;
    const { scope } = factsOf(kind);
    const aimedAt = members === undefined ? {} : { group: this.#to.group, members };
    this.#to.recorder.record({ type, index, kind, scope, target, ...aimedAt });
  }

  #elapsed(): string {
    return `${((nowMs() - this.#startMs) / 1_000).toFixed(1).padStart(6)} s`;
  }
}
