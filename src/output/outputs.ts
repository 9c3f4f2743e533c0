import { fstatSync, statSync } from 'node:fs';
import { ClusterError } from '../errors.ts';
import { fileIdentity, identityOf, inspectDestination } from './destination.ts';
import { Output, type OutputContext, type OutputOptions } from './output.ts';

/**
 * All files that one command writes. They are checked before the command begins work, and each is
 * written whether or not the others succeed. At the end the failed ones are reported, unless the
 * command's own error is more severe.
 */
export class Outputs {
  readonly #context: OutputContext;
  /** Flags by the identity of the destination that they use. */
  readonly #taken = new Map<string, string>();
  /** Names of the command's inputs, by the identity of the file. */
  readonly #inputs = new Map<string, string>();
  readonly #failures: ClusterError[] = [];

  constructor(context: OutputContext) {
    this.#context = context;
    for (const [descriptor, name] of [
      [1, 'standard output'],
      [2, 'standard error'],
    ] as const) {
      const facts = fstatSync(descriptor);
      if (facts.isFile()) this.#taken.set(fileIdentity(facts), name);
    }
  }

  /**
   * Protects a file that the command reads from being overwritten. Does nothing when the file does
   * not exist.
   * @param flag - the option that names the file; undefined for an argument
   */
  protect(flag: string | undefined, path: string | undefined): void {
    const facts = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
    const name = flag === undefined ? 'the input file' : `the input file of ${flag}`;
    if (facts?.isFile() === true) this.#inputs.set(fileIdentity(facts), name);
  }

  /**
   * Checks a destination. Call it before the command begins work.
   * @returns undefined without a path
   * @throws ClusterError input when it can't be written, usage when the command reads it, or another output
   *   uses it
   */
  async plan(flag: string, path: string | undefined, options: OutputOptions = {}): Promise<Output | undefined> {
    if (path === undefined) return undefined;
    const destination = await inspectDestination(flag, path);
    const identity = identityOf(destination);
    const hint = `pass a separate file to ${flag}`;
    const input = this.#inputs.get(identity ?? '');
    if (input !== undefined) throw new ClusterError('usage', `${flag} names ${input}, ${path}`, { hint });
    const other = this.#taken.get(identity ?? '');
    const isItself = destination.type === 'descriptor' && (other === 'standard output' || other === 'standard error');
    if (other !== undefined && !isItself) {
      throw new ClusterError('usage', `${flag} and ${other} name the same file, ${path}`, { hint });
    }
    if (identity !== undefined) this.#taken.set(identity, flag);
    return new Output({ flag, destination, options, context: this.#context, failures: this.#failures });
  }

  /** Records an output that failed, without ending the command. */
  failed(error: ClusterError): void {
    this.#context.warn(`error: ${error.message}`);
    this.#failures.push(error);
  }

  /**
   * Ends the command with its own error if there is one, otherwise with the first failed output.
   * @throws ClusterError
   */
  conclude(error?: Error): void {
    if (error !== undefined) throw error;
    const [first] = this.#failures;
    if (first === undefined) return;
    const message = `${this.#failures.length === 1 ? 'an output' : `${this.#failures.length} outputs`} could not be written`;
    throw new ClusterError('environment', message, { cause: first });
  }
}
