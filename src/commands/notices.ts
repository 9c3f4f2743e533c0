import { nowMs } from '../time/clock.ts';
import { nounFor } from '../numbers.ts';

/** Shortest interval between two prints of a repeated notice. */
const repeatMsByDefault = 10_000;
/** Limit of different notices kept; beyond it all are forgotten and printed again. */
const differentMax = 200;

interface Printed {
  readonly text: string;
  atMs: number;
  /** Number since it was last printed. */
  repetitions: number;
}

/**
 * Prints errors that may be temporary, such as brokers that are down, which every member reports
 * repeatedly. The first notice of a kind is printed at once. Repetitions are counted, and the count
 * is printed from time to time and at the end.
 */
export class Notices {
  readonly #print: (line: string) => void;
  readonly #repeatMs: number;
  readonly #clock: () => number;
  readonly #printed = new Map<string, Printed>();

  constructor(
    print: (line: string) => void,
    { repeatMs = repeatMsByDefault, clock = nowMs }: { repeatMs?: number; clock?: () => number } = {},
  ) {
    this.#print = print;
    this.#repeatMs = repeatMs;
    this.#clock = clock;
  }

  notice(text: string): void {
    const kind = kindOf(text);
    const earlier = this.#printed.get(kind);
    if (earlier === undefined) {
      if (this.#printed.size >= differentMax) this.end();
      this.#printed.set(kind, { text, atMs: this.#clock(), repetitions: 0 });
      this.#print(text);
      return;
    }
    earlier.repetitions += 1;
    if (this.#clock() - earlier.atMs >= this.#repeatMs) this.#printAgain(earlier);
  }

  /** Prints the remaining counts of repetitions. */
  end(): void {
    for (const printed of this.#printed.values()) this.#printAgain(printed);
    this.#printed.clear();
  }

  #printAgain(printed: Printed): void {
    if (printed.repetitions === 0) return;
    this.#print(`${printed.text} (repeated ${printed.repetitions} ${nounFor(printed.repetitions, 'time')})`);
    printed.repetitions = 0;
    printed.atMs = this.#clock();
  }
}

/** Pure: equal for notices that differ only in the member and in the client's times and counts. */
function kindOf(text: string): string {
  return text.replace(/^(member \d+|[A-Z]\d+): /, '').replaceAll(/ \(after .*?\)(?= \(|$)/g, '');
}
