import type { BenchConfig } from '../../config/bench.ts';
import type { GroupProtocol } from '../../config/group-protocols.ts';
import type { FlagsOf, Options } from '../../config/options/option.ts';
import type { Rule } from '../../config/options/rules.ts';

/** The result of parsing a command line, before any broker is started. */
export interface Prepared<Input> {
  readonly config: BenchConfig;
  /** Passed to the experiment's `run`. */
  readonly input: Input;
  /** Group protocols that the brokers must support. */
  readonly protocols: readonly GroupProtocol[];
}

/** Flags that every experiment has: those of the connection. */
interface CommonFlags {
  readonly timeout: number;
}

/**
 * The command of an experiment. Options for the connection and for the formats of the report are
 * added to those declared here.
 */
export interface ExperimentCommand<Input> {
  readonly description: string;
  readonly arguments?: Readonly<Record<string, string>>;
  readonly options: Options;
  readonly rules: readonly Rule<never>[];
  readonly helpText: string;
  /** @throws ClusterError usage */
  prepare(flags: never, args: readonly (string | undefined)[]): Promise<Prepared<Input>>;
}

/** Declares a command; types the flags that `prepare` receives by the declared options. */
export function defineExperimentCommand<const Declared extends Options, Input>(
  command: Omit<ExperimentCommand<Input>, 'options' | 'rules' | 'prepare'> & {
    readonly options: Declared;
    readonly rules: readonly Rule<FlagsOf<Declared>>[];
    readonly prepare: (
      flags: FlagsOf<Declared> & CommonFlags,
      args: readonly (string | undefined)[],
    ) => Promise<Prepared<Input>>;
  },
): ExperimentCommand<Input> {
  return command;
}
