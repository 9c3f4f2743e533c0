import { isSecretProperty } from '../config/client-properties.ts';
import { propertyAliases } from '../config/librdkafka-properties.ts';
import type { ConnectionOptions } from './shared-options.ts';

/** A name as properties have it; anything else may be a slipped-in secret. */
const plausibleName = /^[A-Za-z][A-Za-z0-9._]{0,80}$/;

/**
 * The options of a command as a file may keep them: of a client property that may be a secret, the name alone. The file of
 * --command-config is named, not read.
 */
export function recordedSettings<Options extends ConnectionOptions>(options: Options): Options {
  const { commandProperty } = options;
  if (commandProperty === undefined) return options;
  return { ...options, commandProperty: commandProperty.map(recordedProperty) };
}

/** @param entry - of --command-property: NAME=VALUE */
function recordedProperty(entry: string): string {
  const name = entry.slice(0, Math.max(0, entry.indexOf('='))).trim();
  if (!plausibleName.test(name)) return '***';
  return isSecretProperty(propertyAliases.get(name) ?? name) ? `${name}=***` : entry;
}

/**
 * The arguments of this process as other users of the machine may see them in its list of processes. Pure.
 * @param argv - with the program and the script
 */
export function shownArguments(argv: readonly string[]): readonly string[] {
  return argv.map((argument, index) => {
    const [, flag = '', attached] = /^(--command-property(?==)|-X(?=.))=?(.*)$/s.exec(argument) ?? [];
    if (attached !== undefined) return `${flag}=${recordedProperty(attached)}`;
    const previous = argv[index - 1];
    return previous === '-X' || previous === '--command-property' ? recordedProperty(argument) : argument;
  });
}
