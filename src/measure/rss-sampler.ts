const intervalMs = 20;

/** Watches the resident memory of the whole process from now on. */
export class RssSampler {
  readonly #timer: NodeJS.Timeout;
  #peakBytes = process.memoryUsage.rss();

  constructor() {
    this.#timer = setInterval(() => {
      this.#sample();
    }, intervalMs).unref();
  }

  /** @returns the greatest value seen, mebibytes */
  stop(): number {
    clearInterval(this.#timer);
    this.#sample();
    return this.#peakBytes / 2 ** 20;
  }

  #sample(): void {
    this.#peakBytes = Math.max(this.#peakBytes, process.memoryUsage.rss());
  }
}
