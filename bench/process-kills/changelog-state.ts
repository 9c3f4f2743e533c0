import { nowMs } from '../../src/time/clock.ts';

/** One commit as an independent reader sees it. */
export interface SeenCommit {
  readonly writer: number;
  readonly nextOffset: number;
  /** Words in the records counted by then, according to the commit. */
  readonly words: number;
  /** Sum of all counts by then. */
  readonly sum: number;
  /** When the member produced it, and when it could be read, both by time/clock.ts. */
  readonly producedMs: number;
  readonly seenMs: number;
}

export interface ChangelogRecord {
  readonly key: string;
  readonly value: number;
  readonly timestampMs: number;
}

/** Records carry the time of the wall clock, which no process of this machine has changed. */
// eslint-disable-next-line no-restricted-syntax -- dates in records are compared, not durations
const wallAheadMs = new Date().getTime() - nowMs();
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
  take({ key, value, timestampMs }: ChangelogRecord): SeenCommit | undefined {
    if (!key.startsWith('\0')) {
      this.#sum += value - (this.words.get(key) ?? 0);
      this.words.set(key, value);
      return undefined;
    }
    const name = key.slice(1);
    this.progress.set(name, value);
    return name === lastName ? this.#commit(timestampMs) : undefined;
  }

  #commit(timestampMs: number): SeenCommit {
    const numberOf = (name: string): number => this.progress.get(name) ?? -1;
    const numbers = { writer: numberOf('writer'), nextOffset: numberOf('nextOffset'), words: numberOf('words') };
    return { ...numbers, sum: this.#sum, producedMs: timestampMs - wallAheadMs, seenMs: nowMs() };
  }
}
