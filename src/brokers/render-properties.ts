/**
 * Text in the format of Java's Properties, in ASCII only. Java 8 to 17 read such a file as Latin-1,
 * so other characters are escaped, as are those that end or split a line. Pure.
 */
export function renderProperties(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(
      ([name, value]) =>
        `${escapeText(name, /[\\=:#! \t\f\n\r]|[^\x20-\x7e]/g)}=${escapeText(value, /[\\\t\f\n\r]|^ |[^\x20-\x7e]/g)}\n`,
    )
    .join('');
}

function escapeText(text: string, special: RegExp): string {
  return text.replaceAll(special, (character) =>
    // One code unit at a time: Java's escapes are UTF-16.
    character === '\\' || (character >= ' ' && character <= '~') ? `\\${character}` : unicodeEscapes(character),
  );
}

function unicodeEscapes(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    return `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
