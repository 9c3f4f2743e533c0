import { isSecretProperty } from '../config/client-properties.ts';
import { propertyAliases } from '../config/librdkafka-properties.ts';
import type { ConnectionFlags } from './options/connection-options.ts';

/** Names of properties look like this; any other text may be a misplaced secret. */
const plausibleName = /^[A-Za-z][A-Za-z0-9._]{0,80}$/;

/**
 * The flags of a command without secrets, for files: values of client properties that may be secret
 * are hidden. The file of --command-config is not read.
 */
export function recordedSettings<Flags extends ConnectionFlags>(flags: Flags): Flags {
  const { commandProperty } = flags;
  if (commandProperty === undefined) return flags;
  return { ...flags, commandProperty: commandProperty.map(recordedProperty) };
}

/** @param entry - a value of --command-property: NAME=VALUE */
function recordedProperty(entry: string): string {
  const name = entry.slice(0, Math.max(0, entry.indexOf('='))).trim();
  if (!plausibleName.test(name)) return '***';
  return isSecretProperty(propertyAliases.get(name) ?? name) ? `${name}=***` : entry;
}

/**
 * The arguments of this process without secrets, because other users can see them in the list of
 * processes. Pure.
 * @param argv - including program and script
 */
export function shownArguments(argv: readonly string[]): readonly string[] {
  return argv.map((argument, index) => {
    const [, flag = '', attached] = /^(--command-property(?==)|-X(?=.))=?(.*)$/s.exec(argument) ?? [];
    if (attached !== undefined) return `${flag}=${recordedProperty(attached)}`;
    const previous = argv[index - 1];
    return previous === '-X' || previous === '--command-property' ? recordedProperty(argument) : argument;
  });
}
