import type { FaultUnderWay, NemesisListener } from '../faults/nemesis.ts';
import { factsOf } from '../faults/kinds.ts';
import type { PlannedFault } from '../faults/schedule.ts';
import { nowMs } from '../metrics/clock.ts';
import type { HistoryFile } from './history-file.ts';
import type { HappenedFault, MissedFault } from './run-outcome.ts';
import type { Takeovers } from './takeovers.ts';

/** Which faults have happened when, counted from the release of the group. */
export class FaultLog implements NemesisListener {
  readonly happened: HappenedFault[] = [];
  readonly missed: MissedFault[] = [];
  readonly #to: { readonly takeovers: Takeovers; readonly log: (line: string) => void };
  readonly #begun = new Map<number, number>();
  #history: HistoryFile | undefined;
  #startMs = 0;

  constructor(to: { readonly takeovers: Takeovers; readonly log: (line: string) => void }) {
    this.#to = to;
  }

  start(atMs: number, history: HistoryFile): void {
    this.#startMs = atMs;
    this.#history = history;
  }

  readonly onBegun = (fault: FaultUnderWay): void => {
    const atMs = nowMs();
    this.#begun.set(fault.index, atMs - this.#startMs);
    this.#to.takeovers.begun(fault, atMs);
    this.#write('faultBegun', fault);
    this.#to.log(`${this.#elapsed()}  ${fault.planned.kind}: ${fault.target}`);
  };

  readonly onEnded = (fault: FaultUnderWay): void => {
    const { planned, target, index } = fault;
    const beginMs = this.#begun.get(index) ?? 0;
    this.happened.push({ kind: planned.kind, target, beginMs, endMs: nowMs() - this.#startMs });
    this.#to.takeovers.ended(fault);
    this.#write('faultEnded', fault);
  };

  readonly onMissed = (planned: PlannedFault, why: string): void => {
    this.missed.push({ kind: planned.kind, why });
    this.#to.log(`${this.#elapsed()}  ${planned.kind} missed: ${why}`);
  };

  #write(type: 'faultBegun' | 'faultEnded', { index, planned, target, members }: FaultUnderWay): void {
    const { scope } = factsOf(planned.kind);
    this.#history?.write({ type, atMs: nowMs(), index, kind: planned.kind, scope, target, members });
  }

  #elapsed(): string {
    return `${((nowMs() - this.#startMs) / 1_000).toFixed(1).padStart(6)} s`;
  }
}
