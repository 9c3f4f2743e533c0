import { html, trusted, type Markup } from './markup.ts';

/** Appearance of a series. Shape and dashes distinguish it without colours. */
export interface Series {
  readonly name: string;
  /** A CSS colour. Custom properties follow light and dark mode. */
  readonly colour: string;
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'times' | 'ring' | 'none';
  /** SVG's stroke-dasharray. `none` is a solid line; undefined draws no line. */
  readonly dashes?: string | undefined;
}

const coloursKnown = 6;

/**
 * Six colours that people with colour blindness can mostly distinguish; the seventh series reuses
 * the first.
 */
export function seriesColour(index: number): string {
  return `var(--series-${(index % coloursKnown) + 1})`;
}

export const idealSeries = {
  name: 'ideal',
  colour: 'var(--soft)',
  symbol: 'none',
  dashes: '2 4',
} as const satisfies Series;

const memberLooks = [
  { symbol: 'circle', paint: 'fill', dashes: 'none' },
  { symbol: 'square', paint: 'fill', dashes: '8 3' },
  { symbol: 'triangle', paint: 'fill', dashes: '2 3' },
  { symbol: 'diamond', paint: 'fill', dashes: '8 3 2 3' },
  { symbol: 'times', paint: 'stroke', dashes: '4 4' },
] as const satisfies readonly (Pick<Series, 'symbol' | 'dashes'> & { readonly paint: 'fill' | 'stroke' })[];

/**
 * @param rank - index of the series, from 0; symbols repeat after the fifth, in other colours
 * @returns the series; `paint` is the channel of Plot that gives its symbol the colour
 */
export function rankedSeries(name: string, rank: number) {
  const look = memberLooks[rank % memberLooks.length] ?? memberLooks[0];
  return { name, colour: seriesColour(rank), ...look };
}

const shapes = {
  circle: '<circle cx="14" cy="7" r="4"/>',
  square: '<rect x="10.5" y="3.5" width="7" height="7"/>',
  triangle: '<path d="M14 2.5l4.5 8h-9z"/>',
  diamond: '<path d="M14 2l4 5-4 5-4-5z"/>',
  times: '<path d="M10.5 3.5l7 7m0-7l-7 7" stroke="currentColor" stroke-width="2"/>',
  ring: '<circle cx="14" cy="7" r="3.5" fill="none" stroke="currentColor" stroke-width="1.5"/>',
  none: '',
} as const;

/** Renders the legend of a chart: the list of its series. */
export function renderLegend(series: readonly Series[]): Markup {
  return html`<ul class="legend">
    ${series.map(({ name, colour, symbol, dashes }) => html`<li>${sample({ colour, symbol, dashes })} ${name}</li>`)}
  </ul>`;
}

function sample({ colour, symbol, dashes }: Omit<Series, 'name'>): Markup {
  return html`<svg class="sample" width="28" height="14" aria-hidden="true" style="color:${colour}">
    ${dashes === undefined ? undefined : html`<line x1="0" x2="28" y1="7" y2="7" stroke="currentColor" stroke-width="2" stroke-dasharray="${dashes}" />`}
    <g fill="currentColor">${trusted(shapes[symbol])}</g>
  </svg>`;
}
