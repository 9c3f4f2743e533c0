import { WordcountError } from '../errors.ts';
import type { Destination } from './destination.ts';
import { keepElsewhere } from './keep-elsewhere.ts';
import { OutputStream } from './output-stream.ts';
import { pieces } from './pieces.ts';
import { reasonOf } from './reason.ts';
import { appendToFile, writeFileWhole } from './write-file.ts';
import { writeDescriptor, writeDevice, writePipe } from './write-special.ts';

/** What an output needs of the command's frame. */
export interface OutputContext {
  /** To standard output; resolves when the stream takes more. */
  write(text: string): Promise<void>;
  log(line: string): void;
  warn(line: string): void;
}

export interface OutputOptions {
  /** The output is added to what is there, and nothing is ever replaced. */
  readonly isAppended?: boolean;
  /** Only its owner may read it: it may hold settings. */
  readonly isPrivate?: boolean;
}

/** Anything that gives the text, and gives it again: for a second destination when the first fails half way. */
export type Text = () => Iterable<string>;

/** One destination that was checked, to be written once. */
export class Output {
  readonly flag: string;
  readonly #destination: Destination;
  readonly #options: OutputOptions;
  readonly #context: OutputContext;
  readonly #failures: WordcountError[];

  constructor(facts: {
    readonly flag: string;
    readonly destination: Destination;
    readonly options: OutputOptions;
    readonly context: OutputContext;
    readonly failures: WordcountError[];
  }) {
    this.flag = facts.flag;
    this.#destination = facts.destination;
    this.#options = facts.options;
    this.#context = facts.context;
    this.#failures = facts.failures;
  }

  get path(): string {
    return this.#destination.path;
  }

  /** True for `-` and its other names: nothing else should go there then. */
  get isStandardOutput(): boolean {
    return this.#destination.type === 'descriptor' && this.#destination.descriptor === 1;
  }

  /**
   * Writes the whole output. It never throws: what can't be written is put elsewhere and said, and Outputs.conclude ends
   * the command with it.
   */
  async write(text: Text): Promise<void> {
    try {
      await this.#write(text());
    } catch (cause) {
      await this.#fail(cause, text);
      return;
    }
    if (this.#destination.type !== 'descriptor') {
      this.#context.log(`${this.#options.isAppended === true ? 'added to' : 'written:'} ${this.path}`);
    }
  }

  /**
   * Opens it for a command that writes while it works.
   * @throws WordcountError input
   */
  async open(): Promise<OutputStream> {
    try {
      return await OutputStream.open(this.#destination);
    } catch (cause) {
      throw new WordcountError('input', `can't write ${this.path} (${this.flag}): ${reasonOf(cause)}`, { cause });
    }
  }

  /** For an output that is not what it should be: it does not go where a later reader expects one that is. */
  async reject(text: Text, cause: Error): Promise<void> {
    await this.#fail(cause, text);
  }

  async #write(text: Iterable<string>): Promise<void> {
    const destination = this.#destination;
    const { isAppended = false, isPrivate = false } = this.#options;
    switch (destination.type) {
      case 'descriptor':
        // The stream reports what goes wrong with standard output, and keeps the order of all that is written to it.
        if (destination.descriptor !== 1) return writeDescriptor(destination.descriptor, text);
        for (const piece of pieces(text)) await this.#context.write(piece);
        return;
      case 'device':
        return writeDevice(destination.target, text);
      case 'pipe':
        return writePipe(destination.target, text);
      case 'file': {
        const { target, existing } = destination;
        return isAppended
          ? appendToFile(target, [...text].join(''))
          : writeFileWhole({ target, existing, isPrivate }, text);
      }
    }
  }

  async #fail(cause: unknown, text: Text): Promise<void> {
    const kept = await keepElsewhere(this.path, text);
    const where = kept === undefined ? 'the fallback failed too, so the output is lost' : `saved as ${kept} instead`;
    const error = new WordcountError(
      'environment',
      `can't write ${this.path} (${this.flag}): ${reasonOf(cause)}; ${where}`,
      {
        cause,
      },
    );
    this.#context.warn(`error: ${error.message}`);
    this.#failures.push(error);
  }
}
