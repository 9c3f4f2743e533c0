import { axisX, axisY, barX, ruleX, text, type Markish } from '@observablehq/plot';
import { whole } from '../numbers.ts';
import type { BenchReport } from '../schema.ts';
import { bottomLabel, marginBottomPx } from './chart.ts';
import { renderFigure } from './figure.ts';
import { html, type Markup } from './markup.ts';
import { counted, exact } from './numbers.ts';
import { causeNames } from './rebalance-causes.ts';
import { seriesColour, type Series } from './series.ts';
import { renderTable } from './table.ts';

type Rebalance = NonNullable<BenchReport['rebalance']>;
type Row = Rebalance['timeline'][number];

const legend: readonly Series[] = [
  { name: 'owned; the number is the member', colour: seriesColour(0), symbol: 'square' },
  { name: 'gap: nothing applied', colour: 'var(--bad)', symbol: 'none', dashes: '2 2' },
  { name: 'a change of the group', colour: 'var(--soft)', symbol: 'none', dashes: 'none' },
];

/** Who owned which partition when, under one protocol: a lane a partition, all on one clock. */
export function renderSwimLanes({ timeline, marks }: Rebalance, protocol: Row['protocol']): Markup {
  const rows = timeline.filter((row) => row.protocol === protocol);
  const causes = marks.filter((mark) => mark.protocol === protocol);
  const partitions = [...new Set(rows.map(({ partition }) => partition))].sort((a, b) => a - b);
  const endMs = Math.max(1, ...rows.map(({ toMs }) => toMs));
  const owned = rows.filter(({ kind }) => kind === 'owned');
  const gaps = rows.filter(({ kind }) => kind === 'gap');
  const gapMs = gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return renderFigure({
    id: `lanes-${protocol}`,
    title: `Who owned what: ${protocol}`,
    caption: `A lane for each partition over ${(endMs / 1_000).toFixed(1)} s of the first run. The numbers above stand for what happened to the group; the table tells what.`,
    legend,
    chart: {
      label: `Owners of ${counted(partitions.length, 'partition')} under ${protocol}, with ${counted(causes.length, 'change')} of the group; gaps of ${whole(gapMs)} ms in all.`,
      draw: ({ widthPx }) => {
        const pxPerMs = (widthPx - 52) / endMs;
        return {
          height: 76 + 30 * partitions.length,
          marginBottom: marginBottomPx,
          marginLeft: 36,
          marginRight: 16,
          marginTop: 26,
          x: { domain: [0, endMs] },
          y: { domain: partitions, type: 'band', padding: 0.22 },
          marks: lanesOf({ owned, gaps, causes, pxPerMs }),
        };
      },
    },
    table: renderTables(rows, causes, protocol),
  });
}

interface Lanes {
  readonly owned: readonly Row[];
  readonly gaps: readonly Row[];
  readonly causes: Rebalance['marks'];
  readonly pxPerMs: number;
}

function lanesOf({ owned, gaps, causes, pxPerMs }: Lanes): Markish[] {
  return [
    axisX({
      ticks: 5,
      tickFormat: (ms: number) => String(Number((ms / 1_000).toFixed(2))),
      label: 's',
      ...bottomLabel,
    }),
    axisY({ tickSize: 0, tickFormat: (partition: number) => `p${partition}`, label: null }),
    barX(owned, {
      ...place,
      fill: colourOf,
      fillOpacity: 0.22,
      stroke: colourOf,
      strokeWidth: 1,
      title: tooltip,
      className: 'owned',
    }),
    barX(gaps, {
      ...place,
      fill: 'none',
      stroke: 'var(--bad)',
      strokeWidth: 1,
      strokeDasharray: '2 2',
      title: tooltip,
      className: 'gap',
    }),
    text(owned, {
      y: 'partition',
      x: ({ fromMs, toMs }: Row) => (fromMs + toMs) / 2,
      text: ({ fromMs, toMs, member }: Row) => ((toMs - fromMs) * pxPerMs > 12 ? String(member) : ''),
      fill: 'var(--ink)',
      fontSize: 11,
    }),
    ruleX(causes, { x: 'atMs', stroke: 'var(--soft)', strokeWidth: 1.5, className: 'cause' }),
    text(causes, {
      x: 'atMs',
      text: (_: unknown, index: number) => String(index + 1),
      frameAnchor: 'top',
      dy: -12,
      fill: 'var(--ink)',
      fontWeight: 600,
    }),
  ];
}

const place = { y: 'partition', x1: 'fromMs', x2: 'toMs' } as const;

function colourOf({ member }: Row): string {
  return seriesColour(member);
}

function tooltip({ partition, member, fromMs, toMs, kind }: Row): string {
  const what = kind === 'owned' ? `member ${member}` : `gap, ended by member ${member}`;
  return `partition ${partition}, ${what}: ${whole(fromMs)} to ${whole(toMs)} ms`;
}

function renderTables(rows: readonly Row[], causes: Rebalance['marks'], protocol: string): Markup {
  const changes = renderTable({
    caption: `What happened to the group under ${protocol}`,
    rows: causes.map((mark, index) => ({ ...mark, order: index + 1 })),
    columns: [
      { title: 'number', numeric: true, cell: ({ order }) => order },
      { title: 'ms', numeric: true, cell: ({ atMs }) => exact(atMs, whole(atMs)) },
      { title: 'cause', cell: ({ cause }) => causeNames[cause] },
      { title: 'what', cell: ({ text: words }) => words },
    ],
  });
  const owners = renderTable<Row>({
    caption: `Who owned what under ${protocol}`,
    rows,
    columns: [
      { title: 'partition', numeric: true, cell: ({ partition }) => partition },
      { title: 'state', cell: ({ kind }) => kind },
      { title: 'member', numeric: true, cell: ({ member }) => member },
      { title: 'from ms', numeric: true, cell: ({ fromMs }) => exact(fromMs, whole(fromMs)) },
      { title: 'to ms', numeric: true, cell: ({ toMs }) => exact(toMs, whole(toMs)) },
    ],
  });
  return html`${changes}${owners}`;
}
