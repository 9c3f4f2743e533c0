import type { BatchAppliedEvent, HistoryEvent } from '../../../history/event.ts';

/** Time window of one membership change, on the clock of the history. */
export interface RebalanceWindow {
  /** Time at which members were started, asked to leave, or killed. */
  readonly causeMs: number;
  /** Time at which the group was stable again and every partition had a new batch. */
  readonly endMs: number;
}

/** Stages of a gap in milliseconds; they add up to its length. */
export interface GapSplit {
  /** From the start of the gap until the first member of the group received the rebalance. */
  readonly detect: number;
  /** Until the last partition was revoked that had to be revoked before this one could continue. */
  readonly revoke: number;
  /** Until the new owner received the partition and acquired its table. */
  readonly assign: number;
  /** Until the first batch of the partition was applied. */
  readonly firstRecord: number;
}

/** The longest pause of a partition between two applied batches during a rebalance. */
export interface PartitionGap {
  readonly partition: number;
  /** Owners before the cause and at the end of the window. */
  readonly fromMember: number;
  readonly toMember: number;
  /** Times of the last batch applied before the gap and of the first one after it. */
  readonly fromMs: number;
  readonly toMs: number;
  /** True when the owner stayed the same but the partition was revoked in between. */
  readonly stoppedThoughKept: boolean;
  readonly split: GapSplit;
}

/**
 * The period in which a member owned a partition's table. `toMs` is undefined while it still does.
 */
export interface Ownership {
  readonly partition: number;
  readonly member: number;
  readonly fromMs: number;
  readonly toMs: number | undefined;
}

/**
 * Pure: the gap of every partition that had batches both before the cause and after it.
 * @param events - events of one group, ordered by ticket
 * @param window - the membership change
 */
export function rebalanceGaps(events: readonly HistoryEvent[], window: RebalanceWindow): PartitionGap[] {
  const batches = new Map<number, BatchAppliedEvent[]>();
  for (const event of events) {
    if (event.type !== 'batchApplied') continue;
    const ofPartition = batches.get(event.partition) ?? [];
    ofPartition.push(event);
    batches.set(event.partition, ofPartition);
  }
  return [...batches].sort(([a], [b]) => a - b).flatMap(([, ofPartition]) => gapOf(ofPartition, events, window) ?? []);
}

function gapOf(
  batches: readonly BatchAppliedEvent[],
  events: readonly HistoryEvent[],
  window: RebalanceWindow,
): PartitionGap | undefined {
  const { causeMs, endMs } = window;
  const within = batches.flatMap((after, index) => {
    const before = batches[index - 1];
    return before !== undefined && after.atMs > causeMs && before.atMs < endMs ? [{ before, after }] : [];
  });
  const [first, last] = [within[0], within.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const [fromMember, toMember] = [first.before.member, last.after.member];
  // Prefer pauses in which the partition moved or was revoked. Other pauses have other reasons, for
  // example a slow owner.
  const moves = within.filter(({ before, after }) => before.member !== after.member);
  const givenBack =
    moves.length > 0 ? [] : within.filter(({ before, after }) => isGivenBackBetween(events, before, after));
  const candidates = [moves, givenBack, within].find(({ length }) => length > 0) ?? within;
  const longest = candidates.reduce((a, b) => (b.after.atMs - b.before.atMs > a.after.atMs - a.before.atMs ? b : a));
  const { before, after } = longest;
  return {
    partition: before.partition,
    fromMember,
    toMember,
    fromMs: before.atMs,
    toMs: after.atMs,
    stoppedThoughKept: fromMember === toMember && moves.length + givenBack.length > 0,
    split: splitOf(longest, events, window),
  };
}

function splitOf(
  { before, after }: { readonly before: BatchAppliedEvent; readonly after: BatchAppliedEvent },
  events: readonly HistoryEvent[],
  { causeMs }: RebalanceWindow,
): GapSplit {
  const { partition, atMs: fromMs } = before;
  const toMs = after.atMs;
  const inGap = (atMs: number | undefined, earliestMs: number): number =>
    Math.min(toMs, Math.max(earliestMs, atMs ?? earliestMs));
  const heard = events.find((event) => event.atMs >= causeMs && (event.type === 'assigned' || isGivenBack(event)));
  const claimed = events.findLast(
    (event) =>
      event.type === 'acquired' &&
      event.partition === partition &&
      event.member === after.member &&
      event.ticket < after.ticket &&
      event.ticket > before.ticket,
  );
  const detectedMs = inGap(heard?.atMs, fromMs);
  const back = events.findLast(
    (event) => isGivenBack(event) && event.atMs >= causeMs && event.ticket < (claimed?.ticket ?? after.ticket),
  );
  const revokedMs = inGap(back?.atMs, detectedMs);
  const assignedMs = inGap(claimed?.atMs, revokedMs);
  return {
    detect: detectedMs - fromMs,
    revoke: revokedMs - detectedMs,
    assign: assignedMs - revokedMs,
    firstRecord: toMs - assignedMs,
  };
}

function isGivenBackBetween(
  events: readonly HistoryEvent[],
  before: BatchAppliedEvent,
  after: BatchAppliedEvent,
): boolean {
  return events.some(
    (event) =>
      isGivenBack(event) &&
      event.partition === before.partition &&
      event.member === before.member &&
      event.ticket > before.ticket &&
      event.ticket < after.ticket,
  );
}

type GivenBack = Extract<HistoryEvent, { readonly type: 'revoked' | 'lost' }>;

function isGivenBack(event: HistoryEvent): event is GivenBack {
  return event.type === 'revoked' || event.type === 'lost';
}

/**
 * Pure: the ownership periods of all tables.
 * @param events - events of one group, ordered by ticket
 */
export function ownerships(events: readonly HistoryEvent[]): Ownership[] {
  const open = new Map<number, Ownership>();
  const ended: Ownership[] = [];
  const end = (partition: number, atMs: number): void => {
    const held = open.get(partition);
    if (held !== undefined) ended.push({ ...held, toMs: atMs });
    open.delete(partition);
  };
  for (const event of events) {
    if (event.type === 'acquired') {
      const { partition, member, atMs: fromMs } = event;
      open.set(partition, { partition, member, fromMs, toMs: undefined });
    } else if (event.type === 'released' || event.type === 'fenced' || event.type === 'recovered') {
      end(event.partition, event.atMs);
    }
  }
  return [...ended, ...open.values()];
}
