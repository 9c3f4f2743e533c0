import type { HistoryEvent } from '../history/event.ts';

/** How far a partition is behind its acknowledged records. */
export class Lag {
  #end: number;
  #next: number;
  #sinceMs: number | undefined;
  /** True once a `produced` event has been recorded. */
  known = false;

  constructor(beginOffset: number) {
    this.#end = beginOffset;
    this.#next = beginOffset;
  }

  /** Start of the current lag; undefined without lag. */
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
