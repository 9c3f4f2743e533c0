import type { HistoryEvent } from '../history/event.ts';

/** How far a partition is behind what the producer knows to be there. */
export class Lag {
  #end: number;
  #next: number;
  #sinceMs: number | undefined;
  /** Whether produced records have been recorded at all. */
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
    switch (event.type) {
      case 'produced':
        this.known = true;
        this.#end = Math.max(this.#end, event.endOffset);
        break;
      case 'batchApplied':
        this.#next = event.lastOffset + 1;
        break;
      case 'advanced':
        this.#next = event.nextOffset;
        break;
      default:
        return;
    }
    if (this.#end <= this.#next) this.#sinceMs = undefined;
    else this.#sinceMs ??= event.atMs;
  }
}
