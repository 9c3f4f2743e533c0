import type { RebalanceReport } from '../rebalance-schema.ts';
import { renderPanel } from '../../../../report/html/chart.ts';
import { html, trusted, type Markup } from '../../../../report/html/markup.ts';
import { colourProperties } from '../../../../report/html/page-style.ts';
import { ownershipsOf, swimLanesChart, type OwnershipLanes } from './swim-lanes-chart.ts';

const widthPx = 960;
const headPx = 40;
const titlePx = 26;
const columns = 3;
const linePx = 18;
const panelGapPx = 24;

const style = `${colourProperties}
:root { color: var(--soft); --plot-background: var(--paper); font: 12px system-ui, sans-serif }
.paper { fill: var(--paper) } .ink { fill: var(--ink) } .soft { fill: var(--soft) } .title { font-weight: 600; font-size: 14px }`;

/**
 * Pure: renders partition ownership over time as an SVG document, with one panel per protocol and a
 * list of the membership changes below it. The document follows the reader's colour scheme.
 */
export function renderSwimLanesFile(rebalance: Pick<RebalanceReport, 'timeline' | 'marks'>): string {
  let top = headPx;
  const panels = ownershipsOf(rebalance).map((ownership) => {
    const { markup, heightPx } = renderOwnership(ownership, top);
    top += heightPx + panelGapPx;
    return markup;
  });
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${widthPx} ${top}"
    role="img"
    aria-labelledby="title"
  >
    <title id="title">Partition owners over time</title>
    <style>
      ${trusted(style)}
    </style>
    <rect width="${widthPx}" height="${top}" class="paper" />
    <text x="8" y="22" class="soft">
      bars: the member that held the partition’s table; dashed: no batch was applied; numbers above: changes to the
      group
    </text>
    ${panels}
  </svg> `.text.trim();
}

function renderOwnership(ownership: OwnershipLanes, top: number): { markup: Markup; heightPx: number } {
  const { protocol, marks } = ownership;
  const chart = renderPanel(swimLanesChart(ownership), widthPx, top + titlePx);
  const listTop = top + titlePx + chart.heightPx;
  const lines = marks.map(({ text }, index) => {
    const [column, line] = [index % columns, Math.floor(index / columns)];
    const x = 36 + (column * (widthPx - 36)) / columns;
    return html`<text x="${x}" y="${listTop + (line + 1) * linePx}" class="soft"
      ><tspan class="ink">${index + 1}</tspan> ${text}</text
    > `;
  });
  return {
    markup: html`<text x="8" y="${top + 18}" class="ink title">${protocol}</text> ${chart.markup} ${lines}`,
    heightPx: titlePx + chart.heightPx + Math.ceil(marks.length / columns) * linePx,
  };
}
