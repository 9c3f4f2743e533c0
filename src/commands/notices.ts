/** A notice that repeats is printed at most this often, with the number of repetitions. */
const repeatMsByDefault = 10_000;
/** More different ones are no repetitions: they are forgotten, and printed again. */
const differentMax = 200;

interface Printed {
  readonly text: string;
  atMs: number;
  /** Since it was printed last. */
  repetitions: number;
}

/**
 * Prints what may pass by itself: brokers that are away are reported by every member, again and again. The first of its kind is printed at
 * once; repetitions are counted, and printed as one line now and then, and at the end.
 */
export class Notices {
  readonly #print: (line: string) => void;
  readonly #repeatMs: number;
  readonly #nowMs: () => number;
  readonly #printed = new Map<string, Printed>();

  constructor(
    print: (line: string) => void,
    { repeatMs = repeatMsByDefault, nowMs = () => performance.now() }: { repeatMs?: number; nowMs?: () => number } = {},
  ) {
    this.#print = print;
    this.#repeatMs = repeatMs;
    this.#nowMs = nowMs;
  }

  notice(text: string): void {
    const kind = kindOf(text);
    const earlier = this.#printed.get(kind);
    if (earlier === undefined) {
      if (this.#printed.size >= differentMax) this.end();
      this.#printed.set(kind, { text, atMs: this.#nowMs(), repetitions: 0 });
      this.#print(text);
      return;
    }
    earlier.repetitions += 1;
    if (this.#nowMs() - earlier.atMs >= this.#repeatMs) this.#printAgain(earlier);
  }

  /** Prints what was counted since. */
  end(): void {
    for (const printed of this.#printed.values()) this.#printAgain(printed);
    this.#printed.clear();
  }

  #printAgain(printed: Printed): void {
    if (printed.repetitions === 0) return;
    this.#print(`${printed.text} (repeated ${printed.repetitions} ${printed.repetitions === 1 ? 'time' : 'times'})`);
    printed.repetitions = 0;
    printed.atMs = this.#nowMs();
  }
}

/** Pure: the same for two notices that differ by the member that has met it, and by times and counts of the client's, alone. */
function kindOf(text: string): string {
  return text.replace(/^(member \d+|[A-Z]\d+): /, '').replaceAll(/ \(after .*?\)(?= \(|$)/g, '');
}
