import type { BenchHistory, HistoryEntry } from './history.ts';

export interface WindowOptions {
  /** Maximum number of comparable entries, counted from the latest. */
  readonly window: number;
  /** True to include entries of other machines; then only speed-ups are compared. */
  readonly acrossMachines: boolean;
}

/** The entries that a bench is compared with. */
export interface HistoryWindow {
  /** Entries since the last accepted bench, or all without one. */
  readonly current: readonly HistoryEntry[];
  /**
   * Older entries, split at accepted benches. They contribute to the noise estimate, but not to the
   * level.
   */
  readonly earlier: readonly (readonly HistoryEntry[])[];
  /** Date on which the latest bench itself was accepted; undefined if it was not. */
  readonly acceptedAt: string | undefined;
  /** Number of entries that are not comparable, or are the latest bench itself. */
  readonly others: number;
}

/** Pure: the last entries with the same conditions as the latest, split at accepted benches. */
export function windowOf(
  latest: HistoryEntry,
  { entries, accepted }: BenchHistory,
  { window, acrossMachines }: WindowOptions,
): HistoryWindow {
  const isAlike = (other: Pick<HistoryEntry, 'machine' | 'conditions' | 'experimentConditions'>): boolean =>
    sameConditions(other, latest) && (acrossMachines || other.machine === latest.machine);
  const alike = entries.filter((entry) => entry.startedAt !== latest.startedAt && isAlike(entry));
  const marks = accepted.filter(isAlike);
  // The latest bench is compared with the preceding ones even when it was accepted.
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

type Conditions = Readonly<Record<string, string>>;

/** Conditions of an experiment apply between entries that both have it. */
function sameConditions(left: Pick<HistoryEntry, 'conditions' | 'experimentConditions'>, right: HistoryEntry): boolean {
  const experiments = Object.entries(left.experimentConditions ?? {});
  return (
    areEqual(left.conditions, right.conditions) &&
    experiments.every(([id, conditions]) => areEqual(conditions, right.experimentConditions?.[id] ?? conditions))
  );
}

function areEqual(left: Conditions, right: Conditions): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => left[name] === right[name]);
}
