import { formatNumbers } from '../../../../config/number-ranges.ts';
import { axisX, axisY, barX, text } from '@observablehq/plot';
import type { RunReport } from '../../../../results/report-parts.ts';
import { renderFigure } from '../../../../report/html/figure.ts';
import type { Markup } from '../../../../report/html/markup.ts';
import { counted, nounFor, percent, whole } from '../../../../numbers.ts';
import { exact } from '../../../../report/html/numbers.ts';
import { kindOf, kindsOf } from './placed-runs.ts';
import { seriesColour } from '../../../../report/html/series.ts';
import { renderHtmlTable } from '../../../../report/html/table.ts';

interface Share {
  readonly kind: string;
  readonly memberId: number;
  readonly partitions: readonly number[];
  readonly records: number;
  /** Share of the run's records, from 0 to 1. */
  readonly share: number;
  /** Sum of the shares of the members before this one. */
  readonly from: number;
  readonly rank: number;
}

/** Share of each member in the last run of each kind. */
export function renderShares(runs: readonly RunReport[]): Markup {
  const kinds = kindsOf(runs);
  const shares = kinds.flatMap((kind) => sharesOf(runs, kind));
  const active = shares.filter(({ share }) => share > 0);
  return renderFigure({
    id: 'shares',
    title: 'Shares of the members',
    caption:
      'Share of the records of the last run of each lane and number of members; braces list the partitions of the member.',
    chart: {
      label: `Share of the records that each member counted. ${kinds.map((kind) => spoken(shares, kind)).join(' ')}`,
      draw: ({ widthPx }) => ({
        height: 34 + 32 * kinds.length,
        marginLeft: 66,
        marginTop: 4,
        marginRight: 24,
        x: { domain: [0, 1] },
        y: { domain: kinds, padding: 0.2 },
        marks: [
          axisX({ ticks: 5, tickFormat: (value: number) => percent(value), label: null }),
          axisY({ tickSize: 0, label: null, textAnchor: 'start', tickPadding: 58 }),
          barX(active, {
            x1: 'from',
            x2: ({ from, share }: Share) => from + share,
            y: 'kind',
            fill: ({ rank }: Share) => seriesColour(rank),
            fillOpacity: 0.22,
            stroke: ({ rank }: Share) => seriesColour(rank),
            strokeWidth: 1.5,
            insetLeft: 1,
            insetRight: 1,
            title: tooltip,
            className: 'shares',
          }),
          text(active, {
            x: ({ from, share }: Share) => from + share / 2,
            y: 'kind',
            text: ({ partitions, share }: Share) => fitting(`{${formatNumbers(partitions)}}`, (widthPx - 90) * share),
            fill: 'var(--ink)',
            fontSize: 11,
          }),
        ],
      }),
    },
    table: renderHtmlTable<Share>({
      caption: 'Records of each member, by lane and number of members',
      rows: shares,
      columns: [
        { title: 'lane · members', cell: ({ kind }) => kind },
        { title: 'member', numeric: true, cell: ({ memberId }) => memberId },
        {
          title: 'partitions',
          cell: ({ partitions }) => (partitions.length === 0 ? 'standby' : formatNumbers(partitions)),
        },
        { title: 'records', numeric: true, cell: ({ records }) => exact(records, whole(records)) },
        { title: 'share', numeric: true, cell: ({ share }) => exact(share, percent(share, 1)) },
      ],
    }),
  });
}

/** Sorted by first partition; standbys are last. */
function sharesOf(runs: readonly RunReport[], kind: string): Share[] {
  const alike = runs.filter((run) => kindOf(run) === kind);
  const last = alike.findLast(({ warmUp }) => !warmUp) ?? alike.at(-1);
  const members = (last?.perMember ?? []).map((member) => ({
    ...member,
    partitions: [...member.partitions].sort((a, b) => a - b),
  }));
  members.sort((a, b) => (a.partitions[0] ?? Infinity) - (b.partitions[0] ?? Infinity) || a.memberId - b.memberId);
  const all = members.reduce((sum, { records }) => sum + records, 0);
  let from = 0;
  return members.map((member, rank) => {
    const share = all === 0 ? 0 : member.records / all;
    from += share;
    return { ...member, kind, share, from: from - share, rank };
  });
}

function spoken(shares: readonly Share[], kind: string): string {
  const members = shares.filter((share) => share.kind === kind);
  return `${kind}: ${members.map(({ share }) => percent(share)).join(', ')}.`;
}

function tooltip({ kind, memberId, partitions, share, records }: Share): string {
  return `${kind} (lane · members): member ${memberId}, ${nounFor(partitions.length, 'partition')} ${formatNumbers(partitions)}: ${percent(share, 1)}, ${counted(records, 'record')}`;
}

function fitting(label: string, roomPx: number): string {
  return label.length * 7 <= roomPx ? label : '';
}
