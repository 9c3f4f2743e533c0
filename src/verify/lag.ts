import type { HistoryEvent } from '../history/event.ts';

/** How far a partition is behind what the producer knows to be there. */
export class Lag {
  #end: number;
  #next: number;
  #sinceMs: number | undefined;
  /** Whether anybody told what was produced. */
  known = false;

  constructor(beginOffset: number) {
    this.#end = beginOffset;
    this.#next = beginOffset;
  }

  /** Since when there has been something to count; undefined when there is nothing. */
  get sinceMs(): number | undefined {
    return this.#sinceMs;
  }

  add(event: HistoryEvent): void {
    if (event.type === 'produced') {
      this.known = true;
      this.#end = Math.max(this.#end, event.endOffset);
    } else if (event.type === 'batchApplied') this.#next = event.lastOffset + 1;
    else if (event.type === 'advanced') this.#next = event.nextOffset;
    else return;
    if (this.#end <= this.#next) this.#sinceMs = undefined;
    else this.#sinceMs ??= event.atMs;
  }
}
