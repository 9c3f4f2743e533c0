import { shuffled } from '../../seeded-random.ts';
import type { FaultKind } from './all-faults.ts';
import { drawsOf, rankedBy } from './draws.ts';
import type { Fault } from './fault.ts';

/** One fault of a schedule. */
export interface PlannedFault<Kind extends string = FaultKind> {
  readonly kind: Kind;
  /** Time since the release of the group. */
  readonly atMs: number;
  /** 0 for an instant fault. */
  readonly durationMs: number;
  /** Seed of the random numbers with which the fault chooses its aim. */
  readonly seed: number;
  /**
   * The member, broker or partition that a scenario file requests; undefined leaves it to the seed.
   */
  readonly requested?: number;
}

/** The facts about a kind that its schedule depends on. */
export type Schedulable<Kind extends string = string> = Pick<Fault<Kind>, 'kind' | 'lane' | 'durationMs' | 'endsRun'>;

export interface ScheduleOptions<Kind extends string> {
  readonly seed: number;
  readonly durationMs: number;
  /** The kinds to draw from, at least one. */
  readonly faults: readonly Schedulable<Kind>[];
  /** Faults may last beyond the end of the run, and none ends the run. */
  readonly endless?: boolean;
}

const periodMs = 4_000;
/** Largest number of faults in a period; a period that is not calm has at least one. */
const faultsMax = 3;
/**
 * Odd, so that over the seeds each kind is due under every protocol and with every number of
 * partitions.
 */
const cycleMax = 11;

/**
 * Plans the faults of a run, a pure function of its options. Bufstream's scheme in Jepsen's test of
 * it: every few seconds a random subset of the kinds, and none in a quarter of the periods. That
 * alone would leave kinds out for long, so each kind is also due once in every `cycleOf`
 * consecutive seeds.
 *
 * Every number is drawn from the seed, the period and the kind, so a kind that occurs in a period
 * has the same time, duration and aim whatever other kinds there are. If ten or more kinds are
 * given, one more kind can take the place of one fault in each period in which it occurs, and
 * changes nothing else; only in the one seed of eleven in which it is due, it can move other due
 * kinds to other periods.
 * @returns in the order of their times; all end by `durationMs` unless they are endless
 */
export function planFaults<Kind extends string>(options: ScheduleOptions<Kind>): PlannedFault<Kind>[] {
  const { seed, durationMs, faults, endless = false } = options;
  const periods = Math.max(1, Math.round(durationMs / periodMs));
  const planned = [...chooseFaults(seed, periods, faults)].flatMap(([period, chosen]) =>
    chosen.map((fault) => placed(fault, { seed, period, periods, durationMs, endless })),
  );
  const [final] = endless
    ? []
    : rankedBy(
        dueKinds(seed, faults).filter(({ endsRun }) => endsRun),
        seed,
        'final',
      );
  if (final !== undefined) {
    planned.push({
      kind: final.kind,
      atMs: durationMs,
      durationMs: 0,
      seed: aimSeed(drawsOf(seed, 'final', final.kind)),
    });
  }
  return planned.sort((a, b) => a.atMs - b.atMs);
}

/** True when the run of this seed has to use the kind. */
export function isDue(kind: string, seed: number, kinds: number): boolean {
  const cycle = cycleOf(kinds);
  return (seed + Math.floor(drawsOf('due', kind)() * cycle)) % cycle === 0;
}

/**
 * How many consecutive seeds use each kind once: about three kinds in each run. A step, so that one
 * kind more does not change it.
 */
function cycleOf(kinds: number): number {
  if (kinds <= 3) return 1;
  return kinds <= 9 ? 3 : cycleMax;
}

function dueKinds<Item extends Schedulable>(seed: number, faults: readonly Item[]): Item[] {
  return faults.filter(({ kind }) => isDue(kind, seed, faults.length));
}

/** @returns the kinds of each period that is not calm */
function chooseFaults<Item extends Schedulable>(
  seed: number,
  periods: number,
  faults: readonly Item[],
): Map<number, Item[]> {
  const active = activePeriods(seed, periods);
  const chosen = new Map(active.map((period): [number, Item[]] => [period, []]));
  for (const fault of rankedBy(
    dueKinds(seed, faults).filter(({ endsRun }) => endsRun !== true),
    seed,
    'due',
  )) {
    const first = Math.floor(drawsOf(seed, 'first period', fault.kind)() * active.length);
    const inTurn = [...chosen.values()];
    [...inTurn.slice(first), ...inTurn.slice(0, first)].find((others) => fits(fault, others))?.push(fault);
  }
  const usual = faults.filter(({ endsRun }) => endsRun !== true);
  for (const [period, others] of chosen) {
    const count = 1 + Math.floor(drawsOf(seed, 'count', period)() * faultsMax);
    for (const fault of rankedBy(usual, seed, 'period', period)) {
      if (others.length >= count) break;
      if (fits(fault, others)) others.push(fault);
    }
  }
  return chosen;
}

/** All but a random quarter of the periods. */
function activePeriods(seed: number, periods: number): number[] {
  const all = Array.from({ length: periods }, (_, index) => index);
  return shuffled(all, drawsOf(seed, 'calm')).slice(Math.floor(periods / 4));
}

/** One fault of each lane in a period, and of each kind. */
function fits(fault: Schedulable, others: readonly Schedulable[]): boolean {
  return (
    others.length < faultsMax &&
    others.every(({ kind, lane }) => kind !== fault.kind && (lane === 'none' || lane !== fault.lane))
  );
}

interface Place {
  readonly seed: number;
  readonly period: number;
  readonly periods: number;
  readonly durationMs: number;
  readonly endless: boolean;
}

function placed<Kind extends string>({ kind, durationMs: range }: Schedulable<Kind>, place: Place): PlannedFault<Kind> {
  const { seed, period, periods, endless } = place;
  const random = drawsOf(seed, 'place', period, kind);
  const [min, max] = range;
  const durationMs = Math.round(Math.min(min + random() * (max - min), place.durationMs * 0.8));
  const drawnMs = (place.durationMs / periods) * (period + random() * 0.5);
  const latestMs = endless ? place.durationMs : place.durationMs - durationMs;
  const atMs = Math.round(Math.max(0, Math.min(drawnMs, latestMs)));
  return { kind, atMs, durationMs, seed: aimSeed(random) };
}

function aimSeed(random: () => number): number {
  return Math.floor(random() * 2 ** 32);
}
