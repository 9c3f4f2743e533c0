import type { createLogUpdate } from 'log-update';

/**
 * Lines at the bottom of a terminal that each call replaces. The package that draws them takes
 * longer to load than the rest of --help, so it is loaded with the first lines.
 */
export class TerminalLines {
  readonly #stream: NodeJS.WriteStream;
  #draw: ReturnType<typeof createLogUpdate> | undefined;
  #isLoading = false;
  #text = '';

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(text: string): void {
    this.#text = text;
    if (this.#draw !== undefined) this.#draw(text);
    else if (!this.#isLoading) void this.#load();
  }

  /** Writes a line above the lines. */
  writeAbove(line: string): void {
    if (this.#text !== '') this.#draw?.clear();
    this.#stream.write(line);
    if (this.#text !== '') this.#draw?.(this.#text);
  }

  /** @param options.clear - removes the lines; otherwise the last ones stay */
  end({ clear }: { readonly clear: boolean }): void {
    if (this.#text === '') return;
    if (clear) this.#draw?.clear();
    else if (this.#draw !== undefined) this.#draw.done();
    else this.#stream.write(`${this.#text}\n`);
    this.#text = '';
  }

  get isShown(): boolean {
    return this.#text !== '';
  }

  async #load(): Promise<void> {
    this.#isLoading = true;
    const { createLogUpdate } = await import('log-update');
    this.#draw = createLogUpdate(this.#stream);
    if (this.#text !== '') this.#draw(this.#text);
  }
}
