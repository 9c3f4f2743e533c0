import { counted, whole } from '../../results/numbers.ts';
import { causeNames } from '../rebalance-text.ts';
import type { BenchReport } from '../../results/schema.ts';
import { renderGaps } from '../../benchmark/experiments/rebalance/figures/gaps-figure.ts';
import { html, type Content } from './markup.ts';
import { exact } from './numbers.ts';
import { renderFigures, type Section } from './section.ts';
import { ownershipsOf } from '../../benchmark/experiments/rebalance/figures/swim-lanes-chart.ts';
import { renderSwimLanes } from '../../benchmark/experiments/rebalance/figures/swim-lanes-figure.ts';
import { renderTable, type TableColumn } from './table.ts';

type Rebalance = NonNullable<BenchReport['rebalance']>;
type Row = Rebalance['rows'][number];

/** Cost of membership changes, by protocol and cause. */
export function rebalanceSection({ rebalance }: BenchReport): Section | undefined {
  if (rebalance === undefined || rebalance.rows.length === 0) return undefined;
  const { ratePerSecond, partitions, sessionTimeoutMs, rows, verified } = rebalance;
  const content: Content = [
    html`<p>
      A steady feed of ${whole(ratePerSecond)} records a second into ${counted(partitions, 'partition')}, session
      timeout ${whole(sessionTimeoutMs)} ms.
    </p>`,
    verified ? undefined : html`<p class="verdict bad">A rebalance run had wrong counts.</p>`,
    renderTable({ caption: 'Cost of each cause under each protocol, in ms', rows, columns }),
    renderFigures([renderGaps(rows), ...ownershipsOf(rebalance).map(renderSwimLanes)]),
  ];
  return { id: 'rebalance', title: 'Rebalances', content };
}

const columns: readonly TableColumn<Row>[] = [
  { title: 'protocol', cell: ({ protocol }) => protocol },
  { title: 'cause', cell: ({ cause }) => causeNames[cause] },
  { title: 'members', numeric: true, cell: ({ fromMembers, toMembers }) => `${fromMembers} → ${toMembers}` },
  number('settled after', ({ settleMs }) => settleMs),
  number('moved', ({ moved }) => moved),
  number('gap, median', ({ gapsMs }) => gapsMs.p50),
  number('gap, longest', ({ gapsMs }) => gapsMs.max),
  number('detect', ({ splitMs }) => splitMs.detect),
  number('revoke', ({ splitMs }) => splitMs.revoke),
  number('assign', ({ splitMs }) => splitMs.assign),
  number('first record', ({ splitMs }) => splitMs.firstRecord),
  number('re-fetched records', ({ refetched }) => refetched),
  number('stopped, owner kept', ({ stoppedThoughKept }) => stoppedThoughKept.partitions),
  number('… for up to', ({ stoppedThoughKept }) => stoppedThoughKept.maxMs),
];

function number(title: string, valueOf: (row: Row) => number): TableColumn<Row> {
  return { title, numeric: true, cell: (row) => exact(valueOf(row), whole(valueOf(row))) };
}
