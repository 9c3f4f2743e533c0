import { seededRandom, shuffled } from '../metrics/random.ts';
import { factsOf, isLast, type FaultKind } from './kinds.ts';

/** One fault of a schedule. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** From the moment at which the group is released. */
  readonly atMs: number;
  /** 0 for what happens in a moment. */
  readonly durationMs: number;
  /** Of the random numbers that choose the target among what there is then. */
  readonly seed: number;
  /** Member, broker or partition of a scenario file; undefined leaves it to the seed. */
  readonly target?: number;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** At least one. */
  readonly kinds: readonly FaultKind[];
  /** Faults may go on beyond the end: nothing is healed before. */
  readonly endless?: boolean;
}

const periodMs = 4_000;
/** Faults of one period: 1 to 3. */
const faultsMax = 3;
/** Kinds that a run of ordinary length has to take from the deck, so that consecutive seeds use all kinds. */
const dealtOfRun = 3;

/**
 * Pure: the same options give the same faults. Bufstream's scheme in Jepsen's test of it: a new random subset of the kinds
 * every few seconds, and none in a quarter of the periods. And since that leaves kinds out for long, each seed has to use
 * three kinds of a deck in which the next seed goes on.
 * @returns in the order of their times; all end by `durationMs` unless they are endless
 */
export function planFaults({ seed, durationMs, kinds, endless = false }: ScheduleOptions): PlannedFault[] {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
  const periods = Math.max(1, Math.round(durationMs / periodMs));
  const calm = new Set(
    shuffled(
      Array.from({ length: periods }, (_, index) => index),
      random,
    ).slice(0, Math.floor(periods / 4)),
  );
  const usual = kinds.filter((kind) => !isLast(kind));
  const dealtAll = dealKinds(seed, kinds);
  const dealt = dealtAll.filter((kind) => !isLast(kind));
  const faults: PlannedFault[] = [];
  let active = periods - calm.size;
  for (let period = 0; period < periods; period += 1) {
    if (calm.has(period)) continue;
    const must = dealt.splice(0, Math.ceil(dealt.length / active));
    active -= 1;
    const more = Math.floor(random() * (faultsMax + 1 - must.length));
    const chosen = [...must, ...shuffled(usual, random).slice(0, Math.max(must.length === 0 ? 1 : 0, more))];
    const length = durationMs / periods;
    for (const kind of withoutClashes(chosen)) {
      faults.push(placed(kind, { startMs: period * length, length, durationMs, endless }, random));
    }
  }
  // Under endless faults nothing ever comes last.
  const last = endless ? [] : dealtAll.filter(isLast);
  for (const kind of last) faults.push({ kind, atMs: durationMs, durationMs: 0, seed: Math.floor(random() * 2 ** 32) });
  return faults.sort((a, b) => a.atMs - b.atMs);
}

/** The kinds that this seed has to use. */
function dealKinds(seed: number, kinds: readonly FaultKind[]): FaultKind[] {
  const deck = shuffled(kinds, seededRandom(0x51ab));
  const count = Math.min(dealtOfRun, deck.length);
  return Array.from({ length: count }, (_, index) => deck[(seed * count + index) % deck.length]).filter(
    (kind) => kind !== undefined,
  );
}

/** One of a lane, and none twice. */
function withoutClashes(kinds: readonly FaultKind[]): FaultKind[] {
  const lanes = new Set<string>();
  return [...new Set(kinds)].filter((kind) => {
    const { lane } = factsOf(kind);
    if (lane === 'none') return true;
    if (lanes.has(lane)) return false;
    lanes.add(lane);
    return true;
  });
}

function placed(
  kind: FaultKind,
  period: { readonly startMs: number; readonly length: number; readonly durationMs: number; readonly endless: boolean },
  random: () => number,
): PlannedFault {
  const [min, max] = factsOf(kind).durationMs;
  const durationMs = Math.round(Math.min(min + random() * (max - min), period.durationMs * 0.8));
  const wanted = period.startMs + random() * period.length * 0.5;
  const latest = period.endless ? period.durationMs : period.durationMs - durationMs;
  const atMs = Math.round(Math.max(0, Math.min(wanted, latest)));
  return { kind, atMs, durationMs, seed: Math.floor(random() * 2 ** 32) };
}
