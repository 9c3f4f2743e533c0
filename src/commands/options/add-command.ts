import assert from 'node:assert/strict';
import { Option as CommanderOption, type Command } from 'commander';
import {
  flagOfName,
  longFlag,
  nameOfFlag,
  type FlagsOf,
  type Option,
  type Options,
} from '../../config/options/option.ts';
import { ClusterError } from '../../errors.ts';
import { checkRules, type Rule } from '../../config/options/rules.ts';

/**
 * A command as its file declares it. The declaration is the only place that describes its options.
 */
export interface CommandDeclaration<Declared extends Options> {
  readonly name: string;
  readonly description: string;
  /** Runs when no command is named. */
  readonly isDefault?: boolean;
  /** Positional arguments in commander's notation, with their help: `<report.json>`. */
  readonly arguments?: Readonly<Record<string, string>>;
  readonly options: Declared;
  /** Rules between the options; checked before `run`. */
  readonly rules?: readonly Rule<FlagsOf<Declared>>[];
  /** Printed after the list of options. */
  readonly helpText?: string;
  readonly run: (flags: FlagsOf<Declared>, args: readonly (string | undefined)[]) => void | Promise<void>;
}

/** An option as commander knows it, with its declaration for docs/options.md. */
export class DeclaredOption extends CommanderOption {
  readonly declared: Option;

  constructor(declared: Option) {
    super(declared.flag, helpLine(declared));
    this.declared = declared;
    if (!declared.isSwitch) this.argParser(declared.read);
    this.makeOptionMandatory(declared.isRequired);
  }
}

/** The flag of earlier versions for a renamed option. It appears in no help text. */
export class RenamedOption extends CommanderOption {
  constructor(declared: Option) {
    super(declared.renamedFrom);
    this.argParser(declared.read);
    this.hideHelp();
  }
}

/**
 * Adds a command to `parent`, or declares the one of that name that `parent` lists already. Its
 * action parses and checks the options, and then runs.
 */
export function addCommand<const Declared extends Options>(
  parent: Command,
  declaration: CommandDeclaration<Declared>,
): Command {
  const { name, description, isDefault = false, options, rules = [], helpText } = declaration;
  const command = findCommand(parent, name) ?? parent.command(name, { isDefault });
  command.description(description);
  const names = Object.entries(declaration.arguments ?? {});
  for (const [argument, help] of names) command.argument(argument, help);
  addOptions(command, options);
  if (helpText !== undefined) command.addHelpText('after', `\n${helpText}`);
  command.action(async (...given: unknown[]) => {
    const { flags, isGiven } = readFlags(command, options);
    warnOfRenamed(command, options);
    checkRules(rules, flags, isGiven);
    await declaration.run(flags, given.slice(0, names.length) as (string | undefined)[]);
  });
  return command;
}

/** A command that `parent` lists; a program lists its commands before it loads them. */
export function findCommand(parent: Command, name: string): Command | undefined {
  return parent.commands.find((command) => command.name() === name);
}

/** Adds options to a command whose action is not declared by addCommand. */
export function addOptions(command: Command, options: Options): void {
  for (const [name, option] of Object.entries(options)) {
    assert.equal(longFlag(option.flag), flagOfName(name), 'an option is named for its flag');
    command.addOption(new DeclaredOption(option));
    if (option.renamedFrom !== '') command.addOption(new RenamedOption(option));
  }
}

/** The flags of a parsed command. @returns also whether an option was given explicitly */
export function readFlags<Declared extends Options>(
  command: Command,
  options: Declared,
): { readonly flags: FlagsOf<Declared>; readonly isGiven: (name: string) => boolean } {
  const given = command.opts<Readonly<Record<string, unknown>>>();
  const values = Object.entries(options).map(
    ([name, option]) => [name, valueOf(name, given) ?? formerValueOf(option, given) ?? option.default] as const,
  );
  // The only cast: each value comes from the option whose type the flag has.
  const flags = Object.fromEntries(values.filter(([, value]) => value !== undefined)) as FlagsOf<Declared>;
  const isGiven = (name: string): boolean => {
    const option = options[name];
    return (valueOf(name, given) ?? (option && formerValueOf(option, given))) !== undefined;
  };
  return { flags, isGiven };
}

/** @throws ClusterError usage when a renamed option is given with both flags */
function warnOfRenamed(command: Command, options: Options): void {
  const given = command.opts<Readonly<Record<string, unknown>>>();
  for (const [name, option] of Object.entries(options)) {
    if (formerValueOf(option, given) === undefined) continue;
    const [former, flag] = [longFlag(option.renamedFrom), longFlag(option.flag)];
    if (valueOf(name, given) !== undefined)
      throw new ClusterError('usage', `${former} and ${flag} are the same option`, { hint: `omit ${former}` });
    command.configureOutput().writeErr?.(`warning: ${former} is now ${flag}; the next release removes ${former}\n`);
  }
}

/** @returns the value given with the flag of earlier versions; undefined without it */
function formerValueOf({ renamedFrom }: Option, given: Readonly<Record<string, unknown>>): unknown {
  return renamedFrom === '' ? undefined : valueOf(nameOfFlag(renamedFrom), given);
}

/** Commander stores --no-history as `history: false`. @returns undefined if it was not given */
function valueOf(name: string, given: Readonly<Record<string, unknown>>): unknown {
  const [, first = '', rest = ''] = /^no([A-Z])(.*)$/.exec(name) ?? [];
  if (first !== '') return given[`${first.toLowerCase()}${rest}`] === false ? true : undefined;
  return given[name] === false ? undefined : given[name];
}

function helpLine({ help, choices, defaultText }: Option): string {
  const withChoices = choices === '' ? help : `${help}: ${choices}`;
  return defaultText === '' ? withChoices : `${withChoices} (default: ${defaultText})`;
}
