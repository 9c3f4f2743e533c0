import { Violation } from '../violation.ts';
import { Death, type CrashPoint } from './surroundings.ts';

const turnMax = 20_000;

/** The steps of a thread, counted, and the one before which it ends. */
export class ThreadPoints {
  passed = 0;
  /** The thread ends before the step of this number. */
  endsAt = Infinity;
  /** Far beyond the steps of a turn: a thread that takes as many never yields. */
  #turnEnd = Infinity;
  /** What it ends with; undefined when it continues after all. */
  ending: () => Error | undefined = () => new Death();
  /** Receives the name of each step. */
  onStep: ((step: string) => void) | undefined;

  readonly pass: CrashPoint = (step) => {
    if (this.passed >= this.endsAt) {
      const error = this.ending();
      if (error !== undefined) throw error;
      this.endsAt = Infinity;
    }
    if (this.passed >= this.#turnEnd) throw new Violation('liveness', `a turn does not end, at '${step}'`);
    this.passed += 1;
    this.onStep?.(step);
  };

  /** The thread begins a turn. */
  beginTurn(): void {
    this.#turnEnd = this.passed + turnMax;
  }

  /** A view's store to shared memory. */
  readonly store = (): void => {
    this.pass('store');
  };
}
