import type { PeerLane } from '../peers/peer.ts';
import type { BudgetRow } from './budget-rows.ts';

export interface BudgetFacts {
  readonly lane: PeerLane;
  readonly members: number;
  readonly records: number;
  /** Processor time of a record without perf, from the group's assignment to the last record. */
  readonly wholeNs: number;
}

/** Pure: a table in Markdown, its sum, and the figure that the sum is compared with. */
export function renderBudget(rows: readonly BudgetRow[], { lane, members, records, wholeNs }: BudgetFacts): string {
  const sumNs = rows.reduce((sum, { nsPerRecord }) => sum + nsPerRecord, 0);
  const samples = rows.reduce((sum, row) => sum + row.samples, 0);
  return [
    `| ${lane}, ${members} member(s) | share | ns per record |`,
    '| --- | ---: | ---: |',
    ...rows.map(({ part, share, nsPerRecord }) => tableRow(part, share, nsPerRecord)),
    tableRow('sum, under perf, without the start', 1, sumNs),
    `| without perf, from the assignment to the last record | | ${wholeNs.toFixed(0)} |`,
    '',
    `${records.toLocaleString('en-US')} records, ${samples.toLocaleString('en-US')} samples. Brokers are separate processes and not included.`,
  ].join('\n');
}

function tableRow(part: string, share: number, ns: number): string {
  return `| ${part} | ${(share * 100).toFixed(1)} % | ${ns.toFixed(1)} |`;
}
