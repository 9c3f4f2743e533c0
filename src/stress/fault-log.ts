import { faultOf, type FaultKind } from './faults/all-faults.ts';
import type { FaultInProgress, FaultListener } from './faults/fault-runner.ts';
import type { PlannedFault } from './faults/schedule.ts';
import { nowMs } from '../time/clock.ts';
import type { HistoryRecorder } from '../history/history-recorder.ts';
import type { HappenedFault, MissedFault } from './run-outcome.ts';

interface FaultLogOptions {
  readonly group: string;
  readonly recorder: HistoryRecorder;
  readonly log: (line: string) => void;
}

/** The faults of a run with their times since the release of the group. */
export class FaultLog implements FaultListener<FaultKind> {
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

  readonly onBegun = (fault: FaultInProgress<FaultKind>): void => {
    this.#begun.set(fault.index, nowMs() - this.#startMs);
    this.#write('faultBegun', fault);
    this.#to.log(`${this.#elapsed()}  ${fault.planned.kind}: ${fault.aim.text}`);
  };

  readonly onEnded = (fault: FaultInProgress<FaultKind>): void => {
    const { planned, aim, index } = fault;
    const beganAtMs = this.#begun.get(index) ?? 0;
    const endedAtMs = nowMs() - this.#startMs;
    this.happened.push({ kind: planned.kind, target: aim.text, beganAtMs, endedAtMs });
    this.#write('faultEnded', fault);
  };

  readonly onMissed = (planned: PlannedFault, reason: string): void => {
    this.missed.push({ kind: planned.kind, why: reason });
    this.#to.log(`${this.#elapsed()}  ${planned.kind} missed: ${reason}`);
  };

  #write(type: 'faultBegun' | 'faultEnded', { index, planned, aim }: FaultInProgress<FaultKind>): void {
    const { kind } = planned;
    const { scope, memberEffect } = faultOf(kind);
    const { text, members, silent } = aim;
    this.#to.recorder.record({
      ...{ type, index, kind, scope, target: text },
      ...(members === undefined ? {} : { group: this.#to.group, members }),
      ...(members === undefined || memberEffect === undefined ? {} : { memberEffect }),
      ...(silent === undefined ? {} : { silent }),
    });
  }

  #elapsed(): string {
    return `${((nowMs() - this.#startMs) / 1_000).toFixed(1).padStart(6)} s`;
  }
}
