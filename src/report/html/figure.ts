import { renderChart, type Chart } from './chart.ts';
import { html, type Content, type Markup } from './markup.ts';
import { renderLegend, type Series } from './series.ts';

export interface HtmlFigure {
  /** Id of the element, used as a link target. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences that explain what the figure shows. */
  readonly caption: Content;
  readonly legend?: readonly Series[];
  readonly chart: Chart;
  /** The values that the chart plots. */
  readonly table: Markup;
}

/** A chart with its caption, and its values in a collapsed table. */
export function renderFigure({ id, title, caption, legend, chart, table }: HtmlFigure): Markup {
  return html`<figure id="${id}">
    <figcaption>
      <h3>${title}</h3>
      <p>${caption}</p>
    </figcaption>
    ${legend === undefined ? undefined : renderLegend(legend)} ${renderChart(chart)}
    <details>
      <summary>Numbers<span class="unseen"> of ‘${title}’</span></summary>
      ${table}
    </details>
  </figure>`;
}
