/** How the text of an option becomes a value, and how help texts describe such values. */
export interface ValueKind<Value> {
  /** @throws ClusterError usage, which names the flag and the text */
  readonly parse: (flag: string, text: string) => Value;
  /** The allowed values in words, for docs/options.md: `1 to 64`. */
  readonly allowed: string;
  /** Closed lists only: the values, for the line in --help. */
  readonly choices?: string;
  /** The inverse of parse, for defaults. */
  readonly show: (value: Value) => string;
}

/**
 * One option of the command line. Parsing, the type of its flag, the line in --help and the row in
 * docs/options.md follow from it. Flag is the type of the parsed value; it includes undefined when
 * the option may be absent.
 */
export interface Option<Flag = unknown> {
  /** Commander's notation: `-t, --topic <name>`. */
  readonly flag: string;
  readonly help: string;
  /**
   * The flag of earlier versions, `--history <file>`; empty for none. It still works, with a
   * warning, for one release.
   */
  readonly renamedFrom: string;
  /** Unit of the value when the placeholder in `flag` does not name it; empty for none. */
  readonly unit: string;
  readonly allowed: string;
  readonly choices: string;
  readonly isRequired: boolean;
  /** True when the option takes no value. */
  readonly isSwitch: boolean;
  /** The value when the option is not given. */
  readonly default: Flag | undefined;
  /** The default in words, empty for none. */
  readonly defaultText: string;
  /** @param earlier - value of the same option given before; only repeatable options keep it */
  readonly read: (text: string, earlier: unknown) => Flag;
}

/** Options by the names of their flags in code: `sessionTimeout` for --session-timeout. */
export type Options = Readonly<Record<string, Option>>;

type FlagOf<Declared> = Declared extends Option<infer Flag> ? Flag : never;
type OptionalNames<Declared> = {
  [Name in keyof Declared]: undefined extends FlagOf<Declared[Name]> ? Name : never;
}[keyof Declared];
type Flatten<Type> = { [Name in keyof Type]: Type[Name] };

/** The parsed flags of a set of options. A flag without a default may be absent. */
export type FlagsOf<Declared extends Options> = Flatten<
  { readonly [Name in Exclude<keyof Declared, OptionalNames<Declared>>]: FlagOf<Declared[Name]> } & {
    readonly [Name in OptionalNames<Declared>]?: Exclude<FlagOf<Declared[Name]>, undefined>;
  }
>;

interface Declaration<Value> {
  readonly flag: string;
  readonly help: string;
  readonly value: ValueKind<Value>;
  readonly renamedFrom?: string;
  readonly unit?: string;
  /** A default that depends on other options or on the brokers, in words. */
  readonly defaultText?: string;
}

type AlwaysThere<Value> = { readonly default: NoInfer<Value> } | { readonly isRequired: true };

/** Declares an option with one value. */
export function defineOption<Value>(declaration: Declaration<Value> & AlwaysThere<Value>): Option<Value>;
export function defineOption<Value>(declaration: Declaration<Value>): Option<Value | undefined>;
export function defineOption<Value>(
  declaration: Declaration<Value> & { readonly default?: Value; readonly isRequired?: true },
): Option<Value | undefined> {
  const { flag, help, value, renamedFrom = '', unit = '', isRequired = false, default: byDefault } = declaration;
  return {
    ...{ flag, help, renamedFrom, unit, isRequired, isSwitch: false, default: byDefault },
    allowed: value.allowed,
    choices: value.choices ?? '',
    defaultText: declaration.defaultText ?? (byDefault === undefined ? '' : value.show(byDefault)),
    read: (text) => value.parse(longFlag(flag), text),
  };
}

/** Declares an option that may be given several times; its flag is the list of values. */
export function defineRepeatable<Value>(declaration: Declaration<Value>): Option<readonly Value[] | undefined> {
  const { read, ...one } = defineOption(declaration);
  return {
    ...one,
    default: undefined,
    // `earlier` is a value that this function has returned.
    read: (text, earlier) => [...((earlier as readonly Value[] | undefined) ?? []), read(text, undefined) as Value],
  };
}

/** Declares an option without a value; its flag is true when it is given. */
export function defineSwitch(declaration: { readonly flag: string; readonly help: string }): Option<boolean> {
  return {
    ...declaration,
    ...{ renamedFrom: '', unit: '', allowed: '', choices: '', defaultText: '' },
    ...{ isRequired: false, isSwitch: true, default: false },
    read: () => true,
  };
}

/** The long form of a flag in commander's notation: `--topic` of `-t, --topic <name>`. */
export function longFlag(flag: string): string {
  return /--[a-z0-9-]+/.exec(flag)?.[0] ?? flag;
}

/** The name in code of a flag in commander's notation: `sessionTimeout` of `--session-timeout`. */
export function nameOfFlag(flag: string): string {
  return longFlag(flag)
    .slice(2)
    .replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The flag of a name in code: `--session-timeout` of `sessionTimeout`. */
export function flagOfName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
