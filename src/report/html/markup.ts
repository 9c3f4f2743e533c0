/** Text that is HTML already; everything else is escaped where it is put into a page. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a page: text and numbers are escaped, lists are joined, nothing is nothing. */
export type Content = string | number | Markup | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What no HTML or SVG document may hold: control characters, halves of characters, and what will never be one. */
const forbidden = /(?![\t\n\r])[\p{Cc}\p{Cs}\p{NChar}]/gu;

/** For text and for attribute values in quotes. */
function escaped(text: string): string {
  return text.replace(forbidden, '\ufffd').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** HTML whose holes are escaped: html`<p title="${a}">${b}</p>`. The only way from text to Markup but for `trusted`. */
export function html(parts: TemplateStringsArray, ...holes: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => (index === 0 ? part : rendered(holes[index - 1]) + part)).join(''));
}

/** Markup that another serializer wrote, which escaped what it was given. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function rendered(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content));
  return content.map(rendered).join('');
}

/** Text of somebody else, which may be written from right to left: it must not reorder what stands around it. */
export function foreign(text: string): Markup {
  return html`<bdi>${text}</bdi>`;
}
