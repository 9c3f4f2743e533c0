import type { BenchHistory, HistoryEntry } from './history.ts';

export interface WindowOptions {
  /** How many of the last comparable entries are looked at. */
  readonly window: number;
  /** Also entries of other machines; only speed-ups are compared then. */
  readonly acrossMachines: boolean;
}

/** What a bench is compared with. */
export interface HistoryWindow {
  /** Since the last accepted bench, or all. */
  readonly current: readonly HistoryEntry[];
  /** Before it, cut where a level was accepted: they tell the noise, but not the level. */
  readonly earlier: readonly (readonly HistoryEntry[])[];
  /** When the latest itself was accepted. */
  readonly acceptedAt: string | undefined;
  /** Entries of the file that are not comparable, or the latest itself. */
  readonly others: number;
}

/**
 * Pure: the last entries that measured the same as the latest, cut at the benches that were
 * accepted.
 */
export function windowOf(
  latest: HistoryEntry,
  { entries, accepted }: BenchHistory,
  { window, acrossMachines }: WindowOptions,
): HistoryWindow {
  const isAlike = (other: Pick<HistoryEntry, 'machine' | 'conditions'>): boolean =>
    sameConditions(other, latest) && (acrossMachines || other.machine === latest.machine);
  const alike = entries.filter((entry) => entry.startedAt !== latest.startedAt && isAlike(entry));
  const marks = accepted.filter(isAlike);
  // The latest is judged by what came before it even when it was accepted.
  const cuts = marks.map(({ startedAt }) => startedAt).filter((startedAt) => startedAt !== latest.startedAt);
  const levelOf = ({ startedAt }: HistoryEntry): number => cuts.filter((cut) => cut <= startedAt).length;
  const shown = alike.slice(-window);
  const levels = [...new Set(shown.map(levelOf))].sort((a, b) => a - b);
  const segments = levels.map((level) => shown.filter((entry) => levelOf(entry) === level));
  const hasCurrent = levels.at(-1) === levelOf(latest);
  return {
    current: hasCurrent ? (segments.at(-1) ?? []) : [],
    earlier: hasCurrent ? segments.slice(0, -1) : segments,
    acceptedAt: marks.findLast(({ startedAt }) => startedAt === latest.startedAt)?.acceptedAt,
    others: entries.length - alike.length,
  };
}

function sameConditions(
  { conditions: left }: Pick<HistoryEntry, 'conditions'>,
  { conditions: right }: HistoryEntry,
): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => left[name] === right[name]);
}
