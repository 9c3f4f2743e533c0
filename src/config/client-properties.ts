import { readFile } from 'node:fs/promises';
import { ClusterError, unreadable } from '../errors.ts';
import { translateJavaProperty } from './java-properties.ts';
import { protectSecret } from '../secrets.ts';
import {
  decidedProperties,
  propertyAliases,
  propertyRules,
  unsupportedReason,
  type PropertyRule,
} from './librdkafka-properties.ts';
import { parsePropertiesFile } from './properties-file.ts';
import { mechanismProblem, signInProblem } from './sign-in.ts';
import { cipherProblem } from './tls-settings.ts';

/** Where a property is set, for errors; later sources override earlier ones. */
interface Saying {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
}

interface Problem {
  readonly message: string;
  readonly hint?: string;
}

const namesHint = "use the property names of librdkafka; Kafka's Java names are accepted when they mean the same";

/**
 * The form of property names. Any other text may be a misplaced secret, so errors do not repeat it.
 */
const plausibleName = /^[a-z][a-z0-9._]{0,80}$/;

/**
 * Reads client properties in librdkafka's names from a file and from the command line, which
 * overrides the file. Java's names are translated when the translation is exact. Values never
 * appear in errors: some are passwords.
 * @param source.file - value of --command-config: a Java .properties file
 * @param source.entries - values of --command-property, each `name=value`
 * @throws ClusterError input when the file can't be read; usage, naming the file and line, or the
 *   flag, of the first problem and the number of the others
 */
export async function readClientProperties(source: {
  readonly file: string | undefined;
  readonly entries: readonly string[];
  readonly origin?: string;
}): Promise<Readonly<Record<string, string>>> {
  let problems: Problem[] = [];
  const fromFile = source.file === undefined ? [] : readSayings(await readText(source.file), source.file, problems);
  const fromFlags = source.entries.flatMap((entry) =>
    parseEntry(entry, source.origin ?? '--command-property', problems),
  );
  const properties = resolve([...fromFile, ...fromFlags], problems);
  protectProperties(properties);
  if (problems.length === 0) problems = signInProblem(properties).map((message) => ({ message }));
  const [first, ...others] = problems;
  if (first === undefined) return Object.freeze(properties);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const hints = [...(first.hint === undefined ? [] : [first.hint]), ...others.map(({ message }) => message)];
  throw new ClusterError('usage', first.message + more, hints.length === 0 ? {} : { hint: hints.join('; ') });
}

/** True when a property's value may be a secret, which includes all unknown names. */
export function isSecretProperty(name: string): boolean {
  return (propertyRules.get(name)?.values.kind ?? 'secret') === 'secret';
}

/** Registers the secrets among client properties with this thread (secrets.ts). */
export function protectProperties(properties: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(properties)) if (isSecretProperty(name)) protectSecret(value);
}

/** The connection's properties that a client of that kind knows; it would warn about the others. */
export function propertiesFor(
  client: 'consumer' | 'producer',
  properties: Readonly<Record<string, string>>,
): Record<string, string> {
  const foreign = { consumer: 'P', producer: 'C' }[client];
  return Object.fromEntries(Object.entries(properties).filter(([name]) => propertyRules.get(name)?.scope !== foreign));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error, { option: '--command-config' });
  }
}

function readSayings(text: string, path: string, problems: Problem[]): Saying[] {
  return parsePropertiesFile(text).flatMap((entry) => {
    const origin = `${path} line ${entry.line} (--command-config)`;
    if (entry.type === 'property') return [{ name: entry.name, value: entry.value, origin }];
    problems.push({ message: `${origin}: not NAME=VALUE` });
    return [];
  });
}

function parseEntry(entry: string, origin: string, problems: Problem[]): Saying[] {
  const separator = entry.indexOf('=');
  if (separator > 0) {
    return [{ name: entry.slice(0, separator).trim(), value: entry.slice(separator + 1), origin }];
  }
  problems.push({ message: `${origin}: not NAME=VALUE` });
  return [];
}

function resolve(sayings: readonly Saying[], problems: Problem[]): Record<string, string> {
  const valueOf = (name: string): string | undefined => sayings.findLast((saying) => saying.name === name)?.value;
  const properties: Record<string, string> = {};
  for (const { name, value, origin } of sayings) {
    const translation = translateJavaProperty(name, value, valueOf);
    if (translation.type === 'refused') {
      problems.push({ message: `${origin}: ${name} does not work here: ${translation.reason}` });
      continue;
    }
    for (const [rawName, librdkafkaValue] of Object.entries(translation.properties)) {
      const librdkafkaName = propertyAliases.get(rawName) ?? rawName;
      const problem = check(librdkafkaName, librdkafkaValue);
      if (problem === undefined) properties[librdkafkaName] = librdkafkaValue;
      else problems.push({ ...problem, message: `${origin}: ${problem.message}` });
    }
  }
  return properties;
}

function check(name: string, value: string): Problem | undefined {
  const decided = decidedProperties.get(name);
  if (decided !== undefined) {
    const { reason, ...hint } = decided;
    return { message: `${name} is set by the program${reason === undefined ? '' : `: ${reason}`}`, ...hint };
  }
  const unsupported = unsupportedReason(name);
  if (unsupported !== undefined) return { message: `${name} does not work here: ${unsupported}` };
  const rule = propertyRules.get(name);
  if (rule === undefined) {
    return { message: plausibleName.test(name) ? `unknown property ${name}` : 'unknown property', hint: namesHint };
  }
  const message = valueProblem(name, value, rule.values);
  return message === undefined ? undefined : { message };
}

function valueProblem(name: string, value: string, values: PropertyRule['values']): string | undefined {
  switch (values.kind) {
    case 'text':
    case 'secret':
      return value === '' ? `${name} is empty` : textProblem(name, value);
    case 'choice':
      return values.choices.includes(value) ? undefined : `${name} must be ${values.choices.join(' or ')}`;
    case 'number': {
      const number = /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : NaN;
      const isInRange = number >= values.min && number <= values.max;
      return isInRange ? undefined : `${name} must be a number from ${values.min} to ${values.max}`;
    }
  }
}

function textProblem(name: string, value: string): string | undefined {
  if (name === 'sasl.mechanism') return mechanismProblem(value);
  return name === 'ssl.cipher.suites' ? cipherProblem(value) : undefined;
}
