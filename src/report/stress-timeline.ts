import { largest } from '../statistics/extremes.ts';
import { whole } from '../numbers.ts';

const marks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

export interface Timeline {
  readonly sliceMs: number;
  /** Number of records counted in each time slice. */
  readonly records: readonly number[];
  readonly faults: readonly {
    readonly kind: string;
    readonly target: string;
    readonly beganAtMs: number;
    readonly endedAtMs: number;
  }[];
}

/**
 * Renders throughput over time, one character per slice, and the time span of each fault below it.
 */
export function renderTimeline({ sliceMs, records, faults }: Timeline): string {
  const most = largest([1, ...records]);
  const curve = records.map((count) =>
    count === 0 ? ' ' : (marks[Math.ceil((count / most) * marks.length) - 1] ?? ' '),
  );
  const perSecond = whole((most * 1_000) / sliceMs);
  const lines = [...faults]
    .sort((a, b) => a.beganAtMs - b.beganAtMs)
    .map(({ kind, target, beganAtMs, endedAtMs }) => {
      const first = Math.floor(beganAtMs / sliceMs);
      const last = Math.max(first, Math.floor(endedAtMs / sliceMs));
      const bar = last === first ? '╵' : `└${'─'.repeat(last - first - 1)}┘`;
      return `${' '.repeat(first)}${bar} ${kind}: ${target}`;
    });
  return [
    `records counted, ${sliceMs / 1_000} s per mark, █ is ${perSecond} per second`,
    curve.join(''),
    ...lines,
  ].join('\n');
}
