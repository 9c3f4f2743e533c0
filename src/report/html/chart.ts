import { plot, type PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, trusted, type Markup } from './markup.ts';

/**
 * Each chart is rendered at both widths, so that its text has the same size on a phone and on a
 * desktop. The style sheet displays one of them.
 */
const widthsPx = { narrow: 304, wide: 560 } as const;

export interface Frame {
  readonly widthPx: number;
  readonly narrow: boolean;
}

export interface Chart {
  /** Description of the picture in one or two sentences, for screen readers. */
  readonly label: string;
  readonly draw: (frame: Frame) => PlotOptions;
}

/** Places the axis label below the ticks; `marginBottomPx` leaves space for both. */
export const bottomLabel = { labelArrow: 'none', labelOffset: 38 } as const;
export const marginBottomPx = 44;

interface Element {
  readonly outerHTML: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelectorAll(selector: string): Iterable<Element>;
}

/**
 * Renders a chart at both widths. Marks use the page's custom properties as colours, such as
 * `var(--series-1)`.
 */
export function renderChart(chart: Chart): Markup {
  const drawings = (['narrow', 'wide'] as const).map((size) => {
    const svg = drawn(chart, { widthPx: widthsPx[size], narrow: size === 'narrow' });
    return html`<div class="chart ${size}">${trusted(svg.outerHTML)}</div>`;
  });
  return html`${drawings}`;
}

/**
 * Renders a chart inside an SVG.
 * @param widthPx - width of the chart and of the SVG
 * @param top - y position of the chart in px
 */
export function renderPanel(chart: Chart, widthPx: number, top: number): { markup: Markup; heightPx: number } {
  const svg = drawn(chart, { widthPx, narrow: false });
  svg.setAttribute('y', String(top));
  return { markup: trusted(svg.outerHTML), heightPx: Number(svg.getAttribute('height')) };
}

/**
 * Plot needs a document to create elements. linkedom provides one without a browser; the cast is
 * necessary because their types are incompatible.
 */
const page: unknown = parseHTML('<html></html>');
const { document } = page as { readonly document: unknown };

function drawn({ label, draw }: Chart, frame: Frame): Element {
  const options = { style: { fontSize: '12px' }, ...draw(frame), width: frame.widthPx };
  const drawing: unknown = plot({ ...options, document: document as never, figure: false });
  const svg = drawing as Element;
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  // Plot labels groups with aria-label, which is not allowed on elements without a role. The label
  // of the whole chart describes it instead.
  for (const group of svg.querySelectorAll('g[aria-label]')) {
    group.setAttribute('data-part', group.getAttribute('aria-label') ?? '');
    group.removeAttribute('aria-label');
  }
  return svg;
}
