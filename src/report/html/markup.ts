/** Text that is already HTML. All other text is escaped when it is inserted into a page. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Values that can be inserted into a page: text and numbers are escaped, lists are joined,
 * undefined renders as an empty string.
 */
export type Content = string | number | Markup | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Characters that an HTML or SVG document must not contain: control characters, lone surrogates and
 * noncharacters.
 */
const forbidden = /(?![\t\n\r])[\p{Cc}\p{Cs}\p{NChar}]/gu;

/** Escapes text and quoted attribute values. */
function escaped(text: string): string {
  return text.replace(forbidden, '\ufffd').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/**
 * Template tag that escapes the inserted values: html`<p title="${a}">${b}</p>`. Only this tag and
 * `trusted` create Markup.
 */
export function html(parts: TemplateStringsArray, ...holes: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => (index === 0 ? part : rendered(holes[index - 1]) + part)).join(''));
}

/**
 * Marks text as HTML without escaping. Use it only for the output of another serializer that
 * escapes its input, and for constants.
 */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function rendered(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content));
  return content.map(rendered).join('');
}

/**
 * Isolates text of foreign origin, which may be right-to-left, so that it does not reorder the
 * surrounding text.
 */
export function foreign(text: string): Markup {
  return html`<bdi>${text}</bdi>`;
}
