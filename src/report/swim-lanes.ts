import { rebalanceProtocols, type RebalanceReport, type TimelineMark, type TimelineRow } from './rebalance-schema.ts';

export interface SwimLanes {
  readonly title: string;
  /** Rows and marks of one protocol; times of one clock. */
  readonly rows: readonly TimelineRow[];
  readonly marks: readonly TimelineMark[];
}

/** A panel for each protocol of a report's timeline. */
export function swimLanesOf({ timeline, marks }: Pick<RebalanceReport, 'timeline' | 'marks'>): SwimLanes[] {
  return rebalanceProtocols.map((title) => ({
    title,
    rows: timeline.filter(({ protocol }) => protocol === title),
    marks: marks.filter(({ protocol }) => protocol === title),
  }));
}

/** After Okabe and Ito, bright enough for black figures. A member's number is in its bars as well, for whoever sees fewer colours. */
const colours = ['#2f8fcf', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#999933', '#b3b3b3'] as const;

const width = 960;
const left = 92;
const right = 16;
const laneHeight = 34;
const barHeight = 22;
const marksHeight = 44;
const panelGap = 26;
const axisHeight = 30;
/** A bar narrower than this has no room for its member's number. */
const labelWidthMin = 18;

/**
 * Pure: who owned which partition when, as an SVG: a lane a partition, a bar an ownership with its member's colour and number, hatched
 * where nothing was applied, a line for each cause. One panel for each protocol. It follows the reader's colour scheme.
 */
export function renderSwimLanes(panels: readonly SwimLanes[]): string {
  const drawn = panels.filter(({ rows }) => rows.length > 0);
  const heights = drawn.map(heightOf);
  const height = 34 + heights.reduce((sum, panel) => sum + panel + panelGap, 0);
  let top = 34;
  const bodies = drawn.map((panel, index) => {
    const body = renderPanel(panel, top);
    top += (heights[index] ?? 0) + panelGap;
    return body;
  });
  const desc = drawn.map(describe).join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="lanes-title lanes-desc" font-family="system-ui, sans-serif" font-size="12">`,
    `<title id="lanes-title">Who owned which partition when</title>`,
    `<desc id="lanes-desc">${escaped(desc)}</desc>`,
    style,
    `<defs><pattern id="lanes-still" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="ground"/><line x1="0" y1="0" x2="0" y2="6" class="hatch"/></pattern></defs>`,
    `<rect width="${width}" height="${height}" class="ground"/>`,
    `<text x="${left}" y="18" class="ink">bars: the member that held the partition's table; hatched: nothing of it was applied; lines: causes</text>`,
    ...bodies,
    '</svg>',
  ].join('\n');
}

const style = `<style>
.ground { fill: #fff } .ink { fill: #1b1b1b } .soft { fill: #555 } .rule { stroke: #bbb } .mark { stroke: #1b1b1b } .hatch { stroke: #b00020; stroke-width: 3 }
@media (prefers-color-scheme: dark) { .ground { fill: #16181c } .ink { fill: #eee } .soft { fill: #b5b5b5 } .rule { stroke: #555 } .mark { stroke: #eee } .hatch { stroke: #ff7b89 } }
</style>`;

function heightOf({ rows }: SwimLanes): number {
  return 18 + marksHeight + partitionsOf(rows).length * laneHeight + axisHeight;
}

function renderPanel({ title, rows, marks }: SwimLanes, top: number): string {
  const endMs = Math.max(1, ...rows.map(({ toMs }) => toMs));
  const x = (atMs: number): number => left + ((width - left - right) * atMs) / endMs;
  const lanes = partitionsOf(rows);
  const lanesTop = top + 18 + marksHeight;
  const bottom = lanesTop + lanes.length * laneHeight;
  return [
    `<g><text x="8" y="${top + 14}" class="ink" font-weight="600" font-size="14">${escaped(title)}</text>`,
    ...lanes.map((partition, lane) => renderLane(partition, rows, { x, top: lanesTop + lane * laneHeight })),
    ...marks.map((mark, index) => renderMark(mark, { x, top, bottom, index })),
    ...ticksOf(endMs).map(
      (atMs) =>
        `<line x1="${number(x(atMs))}" x2="${number(x(atMs))}" y1="${bottom}" y2="${bottom + 4}" class="rule"/><text x="${number(x(atMs))}" y="${bottom + 17}" text-anchor="middle" class="soft">${atMs / 1_000} s</text>`,
    ),
    '</g>',
  ].join('\n');
}

function renderLane(
  partition: number,
  rows: readonly TimelineRow[],
  { x, top }: { readonly x: (atMs: number) => number; readonly top: number },
): string {
  // Gaps last, over the ownerships that they interrupt.
  const own = rows.filter((row) => row.partition === partition).sort((a, b) => kindOrder(a) - kindOrder(b));
  const bars = own.map((row) => {
    const wide = Math.max(1, x(row.toMs) - x(row.fromMs));
    const y = top + (laneHeight - barHeight) / 2;
    const what =
      row.kind === 'owned' ? `member ${row.member} owned partition ${partition}` : `partition ${partition} stood still`;
    const tip = `<title>${what}: ${milliseconds(row.fromMs)} to ${milliseconds(row.toMs)} ms</title>`;
    const fill = row.kind === 'owned' ? (colours[row.member % colours.length] ?? colours[0]) : 'url(#lanes-still)';
    const rect = `<rect x="${number(x(row.fromMs))}" y="${y}" width="${number(wide)}" height="${barHeight}" fill="${fill}" data-kind="${row.kind}" data-member="${row.member}">${tip}</rect>`;
    const label =
      row.kind === 'owned' && wide >= labelWidthMin
        ? `<text x="${number(x(row.fromMs) + wide / 2)}" y="${y + 15}" text-anchor="middle" fill="#000" font-weight="600">${row.member}</text>`
        : '';
    return rect + label;
  });
  return [
    `<text x="8" y="${top + laneHeight / 2 + 4}" class="ink">partition ${partition}</text>`,
    `<line x1="${left}" x2="${width - right}" y1="${top + laneHeight}" y2="${top + laneHeight}" class="rule"/>`,
    ...bars,
  ].join('\n');
}

function renderMark(
  { atMs, text }: TimelineMark,
  place: {
    readonly x: (atMs: number) => number;
    readonly top: number;
    readonly bottom: number;
    readonly index: number;
  },
): string {
  const at = place.x(atMs);
  // Three rows by turns, so that neighbours do not cover each other.
  const y = place.top + 30 + (place.index % 3) * 14;
  const toLeft = at > width - 170;
  const anchor = toLeft ? 'end' : 'start';
  return `<line x1="${number(at)}" x2="${number(at)}" y1="${y - 10}" y2="${place.bottom}" class="mark" stroke-dasharray="4 3"/><text x="${number(at + (toLeft ? -4 : 4))}" y="${y}" text-anchor="${anchor}" class="ink">${escaped(text)}</text>`;
}

function describe({ title, rows, marks }: SwimLanes): string {
  const gaps = rows.filter(({ kind }) => kind === 'gap');
  const longest = Math.max(0, ...gaps.map(({ fromMs, toMs }) => toMs - fromMs));
  return `${title}: ${partitionsOf(rows).length} partitions, ${marks.length} changes of the members, ${gaps.length} times a partition stood still, ${milliseconds(longest)} ms at the longest.`;
}

function partitionsOf(rows: readonly TimelineRow[]): number[] {
  return [...new Set(rows.map(({ partition }) => partition))].sort((a, b) => a - b);
}

function kindOrder({ kind }: TimelineRow): number {
  return kind === 'owned' ? 0 : 1;
}

/** Ten at most, at 1, 2 or 5 times a power of ten. */
function ticksOf(endMs: number): number[] {
  const steps = [1, 2, 5].flatMap((digit) => [100, 1_000, 10_000, 100_000].map((power) => digit * power));
  const step = steps.sort((a, b) => a - b).find((candidate) => endMs / candidate <= 10) ?? endMs;
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step);
}

function number(value: number): string {
  return value.toFixed(1);
}

function milliseconds(value: number): string {
  return String(Math.round(value));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
