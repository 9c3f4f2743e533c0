import { axisX, axisY, barX, ruleX, text, type Markish } from '@observablehq/plot';
import { largest } from '../../../../statistics/extremes.ts';
import { counted, whole } from '../../../../numbers.ts';
import type { RebalanceProtocol, RebalanceReport, TimelineMark, TimelineRow } from '../rebalance-schema.ts';
import { bottomLabel, marginBottomPx, type Chart } from '../../../../report/html/chart.ts';
import { seriesColour } from '../../../../report/html/series.ts';

/** Timeline of one protocol, with all times relative to the same start. */
export interface OwnershipLanes {
  readonly protocol: RebalanceProtocol;
  readonly rows: readonly TimelineRow[];
  /** Membership changes in chronological order. */
  readonly marks: readonly TimelineMark[];
  /** End of the last row. */
  readonly endMs: number;
}

/** Timelines of all measured protocols, in the order of measurement. */
export function ownershipsOf({ timeline, marks }: Pick<RebalanceReport, 'timeline' | 'marks'>): OwnershipLanes[] {
  return [...new Set(timeline.map(({ protocol }) => protocol))].map((protocol) => {
    const rows = timeline.filter((row) => row.protocol === protocol);
    return {
      protocol,
      rows,
      marks: marks.filter((mark) => mark.protocol === protocol),
      endMs: largest([1, ...rows.map(({ toMs }) => toMs)]),
    };
  });
}

/**
 * Chart of partition ownership over time: one lane per partition, one bar per ownership, one number
 * per membership change.
 */
export function swimLanesChart({ protocol, rows, marks, endMs }: OwnershipLanes): Chart {
  const partitions = [...new Set(rows.map(({ partition }) => partition))].sort((a, b) => a - b);
  const owned = rows.filter(({ kind }) => kind === 'owned');
  const gaps = rows.filter(({ kind }) => kind === 'gap');
  const gapMs = gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return {
    label: `Owners of ${counted(partitions.length, 'partition')} under ${protocol}, with ${counted(marks.length, 'change')} of the group; pauses of ${whole(gapMs)} ms in all.`,
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
        marks: lanesOf({ owned, gaps, marks, pxPerMs }),
      };
    },
  };
}

interface Lanes {
  readonly owned: readonly TimelineRow[];
  readonly gaps: readonly TimelineRow[];
  readonly marks: readonly TimelineMark[];
  readonly pxPerMs: number;
}

function lanesOf({ owned, gaps, marks, pxPerMs }: Lanes): Markish[] {
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
      x: ({ fromMs, toMs }: TimelineRow) => (fromMs + toMs) / 2,
      text: ({ fromMs, toMs, member }: TimelineRow) => ((toMs - fromMs) * pxPerMs > 12 ? String(member) : ''),
      fill: 'var(--ink)',
      fontSize: 11,
    }),
    ruleX(marks, { x: 'atMs', stroke: 'var(--soft)', strokeWidth: 1.5, className: 'cause' }),
    text(marks, {
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

function colourOf({ member }: TimelineRow): string {
  return seriesColour(member);
}

function tooltip({ partition, member, fromMs, toMs, kind }: TimelineRow): string {
  const what = { owned: `member ${member}`, gap: `gap, ended by member ${member}` } as const;
  return `partition ${partition}, ${what[kind]}: ${whole(fromMs)} to ${whole(toMs)} ms`;
}
