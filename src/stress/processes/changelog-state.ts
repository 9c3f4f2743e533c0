import { nowMs } from '../../time/clock.ts';

/** One commit as an independent reader sees it. */
export interface SeenCommit {
  /** Random number of the member that wrote it, and the number of its commit. */
  readonly writer: number;
  readonly commit: number;
  readonly nextOffset: number;
  /** Records and words counted by then, according to the commit. */
  readonly records: number;
  readonly words: number;
  /** Sum of all counts by then. */
  readonly sum: number;
  /** When it could be read, by time/clock.ts. */
  readonly seenMs: number;
}

/** Last progress record of each commit. */
const lastName = 'topicIdLow';

/**
 * The counts and the progress of one changelog partition, put together here and not by the product:
 * keys are words, or a zero byte and the name of a number.
 */
export class ChangelogState {
  readonly words = new Map<string, number>();
  readonly progress = new Map<string, number>();
  #sum = 0;

  /** @returns the commit that this record completes */
  take(key: string, value: number): SeenCommit | undefined {
    if (!key.startsWith('\0')) {
      this.#sum += value - (this.words.get(key) ?? 0);
      this.words.set(key, value);
      return undefined;
    }
    const name = key.slice(1);
    this.progress.set(name, value);
    return name === lastName ? this.#commit() : undefined;
  }

  #commit(): SeenCommit {
    const numberOf = (name: string): number => this.progress.get(name) ?? -1;
    return {
      writer: numberOf('writer'),
      commit: numberOf('commit'),
      nextOffset: numberOf('nextOffset'),
      records: numberOf('records'),
      words: numberOf('words'),
      sum: this.#sum,
      seenMs: nowMs(),
    };
  }
}
