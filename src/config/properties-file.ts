import { withoutByteOrderMark } from './byte-order-mark.ts';

/** A `name=value` of a .properties file, or a malformed line. */
export type PropertiesEntry =
  | { readonly type: 'property'; readonly line: number; readonly name: string; readonly value: string }
  | { readonly type: 'malformed'; readonly line: number };

/**
 * Parses Java's .properties format. `#` and `!` start a comment, a backslash at the end of a line
 * continues it, name and value are separated by `=`, `:` or white space, `\t \n \r \f \uXXXX` are
 * escapes, and a backslash before any other character is dropped. Java reads a line with only a
 * name as an empty value. Here such a line is `malformed`, because an empty value is most likely a
 * mistake.
 */
export function parsePropertiesFile(text: string): PropertiesEntry[] {
  const lines = withoutByteOrderMark(text).split(/\r\n|\r|\n/);
  const entries: PropertiesEntry[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    let logical = (lines[index] ?? '').trimStart();
    if (logical === '' || logical.startsWith('#') || logical.startsWith('!')) continue;
    while (endsWithOddBackslashes(logical)) {
      index += 1;
      logical = logical.slice(0, -1) + (lines[index] ?? '').trimStart();
    }
    entries.push(parseLine(logical, line));
  }
  return entries;
}

function endsWithOddBackslashes(line: string): boolean {
  const backslashes = /\\+$/.exec(line)?.[0].length ?? 0;
  return backslashes % 2 === 1;
}

function parseLine(logical: string, line: number): PropertiesEntry {
  const match = /^((?:\\.|[^\\=:\s])+)(?:\s*[=:]\s*|\s+)([^]*)$/.exec(logical);
  if (match === null) return { type: 'malformed', line };
  return { type: 'property', line, name: unescape(match[1] ?? ''), value: unescape(match[2] ?? '') };
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_, unit: string | undefined, letter: string | undefined) =>
    unit === undefined ? (escapes[letter ?? ''] ?? letter ?? '') : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

/**
 * Renders values of any text in the same format.
 * @param properties - names without white space, separators or escapes
 */
export function renderPropertiesFile(properties: Readonly<Record<string, string>>): string {
  const escaped = (value: string): string =>
    value
      .replaceAll('\\', '\\\\')
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r')
      .replaceAll('\f', '\\f')
      .replace(/^\s/, (space) => `\\${space}`);
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${escaped(value)}\n`)
    .join('');
}
