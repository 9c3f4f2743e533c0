import { whole } from '../../../../numbers.ts';
import { causeNames } from '../rebalance-causes.ts';
import type { TimelineRow } from '../rebalance-schema.ts';
import { renderFigure } from '../../../../report/html/figure.ts';
import { html, type Markup } from '../../../../report/html/markup.ts';
import { exact } from '../../../../report/html/numbers.ts';
import { seriesColour, type Series } from '../../../../report/html/series.ts';
import { swimLanesChart, type OwnershipLanes } from './swim-lanes-chart.ts';
import { renderHtmlTable } from '../../../../report/html/table.ts';

const legend: readonly Series[] = [
  { name: 'owned; the number is the member', colour: seriesColour(0), symbol: 'square' },
  { name: 'gap: no batch applied', colour: 'var(--bad)', symbol: 'none', dashes: '2 2' },
  { name: 'membership change', colour: 'var(--soft)', symbol: 'none', dashes: 'none' },
];

/** Partition owners over time, with all timestamps in tables. */
export function renderSwimLanes(ownership: OwnershipLanes): Markup {
  const { protocol, endMs } = ownership;
  return renderFigure({
    id: `lanes-${protocol}`,
    title: `Partition owners over time: ${protocol}`,
    caption: `One lane per partition over ${(endMs / 1_000).toFixed(1)} s of the first run. The numbers above mark membership changes, which the table lists.`,
    legend,
    chart: swimLanesChart(ownership),
    table: renderTables(ownership),
  });
}

function renderTables({ protocol, rows, marks }: OwnershipLanes): Markup {
  const changes = renderHtmlTable({
    caption: `Membership changes under ${protocol}`,
    rows: marks.map((mark, index) => ({ ...mark, order: index + 1 })),
    columns: [
      { title: 'number', numeric: true, cell: ({ order }) => order },
      { title: 'ms', numeric: true, cell: ({ atMs }) => exact(atMs, whole(atMs)) },
      { title: 'cause', cell: ({ cause }) => causeNames[cause] },
      { title: 'what', cell: ({ text: words }) => words },
    ],
  });
  const owners = renderHtmlTable<TimelineRow>({
    caption: `Partition owners under ${protocol}`,
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
