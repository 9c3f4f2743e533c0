import type { TableReader } from '../count/table-reader.ts';
import type { TableSnapshot } from '../count/table-snapshot.ts';
import type { HistoryRecorder } from '../history/history-recorder.ts';
import { digestOf } from '../history/ring-row.ts';
import { startTimer } from '../metrics/sleep.ts';

export interface SamplerOptions {
  readonly recorder: HistoryRecorder;
  readonly group: string;
  /** Index is the partition; asked for each time, as partitions may be added. */
  readonly readers: () => readonly TableReader[];
}

/** A reader has to come within the few milliseconds in which a large batch is applied to find anything wrong. */
const intervalMs = 20;
/** Every so many looks each count is compared with what it was, which costs far more than adding them up. */
const compareEvery = 5;
/** Of the main thread's time, at most. */
const shareMax = 0.05;
/** A reader that finds no gap between batches asks the writer for one: that is part of what is tried here. */
const snapshotMs = 20;
/** Larger tables are looked at as a whole only: remembering every count of them would cost too much. */
const wordsMax = 200_000;
const faultsMax = 20;

/** Reads tables while members write, one after the other, and holds what it sees against what it saw before. */
export class TableSampler {
  readonly #options: SamplerOptions;
  /** By partition: the counts of the last look, by the place of the word. */
  readonly #seen = new Map<number, Map<number, number>>();
  readonly #faults: string[] = [];
  #timer: ReturnType<typeof startTimer> | undefined;
  #samples = 0;
  #next = 0;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#schedule(intervalMs);
  }

  /** @returns what was found; no more is looked for */
  end(): { readonly samples: number; readonly faults: readonly string[] } {
    this.#timer?.clear();
    return { samples: this.#samples, faults: this.#faults };
  }

  #schedule(delayMs: number): void {
    this.#timer = startTimer(delayMs, () => {
      const startMs = performance.now();
      this.#look();
      this.#schedule(Math.max(intervalMs, (performance.now() - startMs) / shareMax));
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
      this.#found(`partition ${partition}: the counts add up to ${sum}, but the table has ${progress.words} words`);
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
