import { ClusterError, reasonOf } from '../errors.ts';
import type { Destination } from './destination.ts';
import { keepElsewhere } from './keep-elsewhere.ts';
import { OutputStream } from './output-stream.ts';
import { pieces } from './pieces.ts';
import { appendToFile, writeFileWhole } from './write-file.ts';
import { writeDescriptor, writeDevice, writePipe } from './write-special.ts';

/** The parts of a command's context that an output uses. */
export interface OutputContext {
  /** Writes to standard output; resolves when the stream accepts more. */
  write(text: string): Promise<void>;
  log(line: string): void;
  warn(line: string): void;
}

export interface OutputOptions {
  /** The output is appended to an existing file, which is never replaced. */
  readonly isAppended?: boolean;
  /** Only the owner may read the file: it may contain settings. */
  readonly isPrivate?: boolean;
}

/**
 * Yields the text, and yields it again on the next call: a second destination needs it when the
 * first fails half way.
 */
export type Text = () => Iterable<string>;

/** One checked destination, to be written once. */
export class Output {
  readonly flag: string;
  readonly #destination: Destination;
  readonly #options: OutputOptions;
  readonly #context: OutputContext;
  readonly #failures: ClusterError[];

  constructor(facts: {
    readonly flag: string;
    readonly destination: Destination;
    readonly options: OutputOptions;
    readonly context: OutputContext;
    readonly failures: ClusterError[];
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

  /** True for `-` and its other names: nothing else may be written there then. */
  get isStandardOutput(): boolean {
    return this.#destination.type === 'descriptor' && this.#destination.descriptor === 1;
  }

  /**
   * Writes the whole output. It never throws: when the destination fails, the output is kept
   * elsewhere and reported, and Outputs.conclude ends the command with the error.
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
   * Opens the destination for a command that writes while it works.
   * @throws ClusterError input
   */
  async open(): Promise<OutputStream> {
    try {
      return await OutputStream.open(this.#destination);
    } catch (cause) {
      throw new ClusterError('input', `can't write ${this.path} (${this.flag}): ${reasonOf(cause)}`, { cause });
    }
  }

  /** Keeps an invalid output elsewhere: a later reader of the destination expects a valid one. */
  async reject(text: Text, cause: Error): Promise<void> {
    await this.#fail(cause, text);
  }

  async #write(text: Iterable<string>): Promise<void> {
    const destination = this.#destination;
    const { isAppended = false, isPrivate = false } = this.#options;
    switch (destination.type) {
      case 'descriptor':
        // The stream reports errors of standard output, and keeps the order of everything written
        // to it.
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
    const error = new ClusterError(
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
