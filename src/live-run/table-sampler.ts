import type { TableReader } from '../count/table-reader.ts';
import type { TableSnapshot } from '../count/table-snapshot.ts';
import type { HistoryRecorder } from '../history/history-recorder.ts';
import { digestOf } from '../history/ring-row.ts';
import { nowMs } from '../time/clock.ts';
import { startTimer } from '../time/sleep.ts';

export interface SamplerOptions {
  readonly recorder: HistoryRecorder;
  readonly group: string;
  /** Indexed by partition. Called for each sample, because partitions may be added. */
  readonly readers: () => readonly TableReader[];
}

/**
 * Interval between samples. A large batch is applied within a few milliseconds, and only a sample
 * in that time can find an error.
 */
const intervalMs = 20;
/**
 * Every n-th sample compares each count with its previous value, which costs far more than a sum.
 */
const compareEvery = 5;
/** Largest share of the main thread's time. */
const shareMax = 0.05;
/**
 * A reader that finds no gap between batches requests one from the writer; samples exercise that
 * too.
 */
const snapshotMs = 20;
/** Larger tables are sampled only as a whole: to remember all their counts would cost too much. */
const wordsMax = 200_000;
const faultsMax = 20;

/**
 * Reads tables while members write, one after the other, and compares each sample with the
 * previous.
 */
export class TableSampler {
  readonly #options: SamplerOptions;
  /** Indexed by partition: the counts of the previous sample, by the position of the word. */
  readonly #seen = new Map<number, Map<number, number>>();
  readonly #faults: string[] = [];
  #timer: ReturnType<typeof startTimer> | undefined;
  #samples = 0;
  #next = 0;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#schedule(intervalMs);
  }

  /** Ends sampling. @returns the number of samples and the errors that they found */
  end(): { readonly samples: number; readonly faults: readonly string[] } {
    this.#timer?.clear();
    return { samples: this.#samples, faults: this.#faults };
  }

  #schedule(delayMs: number): void {
    this.#timer = startTimer(delayMs, () => {
      const startMs = nowMs();
      this.#look();
      this.#schedule(Math.max(intervalMs, (nowMs() - startMs) / shareMax));
    });
  }

  #look(): void {
    const { recorder, group, readers } = this.#options;
    const tables = readers();
    const partition = this.#next % tables.length;
    this.#next += 1;
    const fromTicket = recorder.nextTicket();
    const snapshot = tables[partition]?.snapshot({ timeoutMs: snapshotMs });
    if (snapshot === undefined) return;
    const { nextOffset, records, words } = snapshot.progress;
    const digest = digestOf(snapshot.progress);
    recorder.record({ type: 'sampled', group, partition, fromTicket, nextOffset, records, words, digest });
    this.#samples += 1;
    this.#compare(partition, snapshot);
  }

  #compare(partition: number, { progress, keyRefs, counts }: TableSnapshot): void {
    let sum = 0;
    for (const count of counts) sum += count;
    if (sum !== progress.words)
      this.#found(
        `partition ${partition}: the counts add up to ${sum}, but the word total of the table is ${progress.words}`,
      );
    if (keyRefs.length > wordsMax || this.#samples % compareEvery !== 0) return;
    const before = this.#seen.get(partition) ?? new Map<number, number>();
    const now = new Map<number, number>();
    for (const [index, keyRef] of keyRefs.entries()) now.set(keyRef, counts[index] ?? 0);
    for (const [keyRef, count] of before) {
      const current = now.get(keyRef);
      if (current === undefined) this.#found(`partition ${partition}: a word with count ${count} disappeared`);
      else if (current < count) this.#found(`partition ${partition}: a count decreased from ${count} to ${current}`);
    }
    this.#seen.set(partition, now);
  }

  #found(fault: string): void {
    if (this.#faults.length < faultsMax) this.#faults.push(fault);
  }
}
