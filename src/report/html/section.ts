import { html, type Content, type Markup } from './markup.ts';

/** A part of the page, linked from the table of contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Content;
}

export function renderSection({ id, title, content }: Section): Markup {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`;
}

/** Arranges figures in two columns if the page is wide enough. */
export function renderFigures(figures: readonly Content[]): Markup {
  return html`<div class="figures">${figures}</div>`;
}
