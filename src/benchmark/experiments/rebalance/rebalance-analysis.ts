import type { BatchAppliedEvent, HistoryEvent } from '../../../history/event.ts';

/** A change of a group's members, on the clock of its history. */
export interface RebalanceWindow {
  /** The member was asked to join or to leave, or was killed. */
  readonly causeMs: number;
  /** The group is at rest, and every partition was counted on since. */
  readonly endMs: number;
}

/** Where the time of a gap went; adds up to it. Milliseconds. */
export interface GapSplit {
  /** Until the first member of the group heard of the rebalance. */
  readonly detect: number;
  /** Until the last partition was given back that had to be before this one could go on. */
  readonly revoke: number;
  /** Until the partition was given to its owner and its table claimed. */
  readonly assign: number;
  /** Until a batch of it was applied. */
  readonly firstRecord: number;
}

/** The longest time in a rebalance in which nothing of a partition was applied. */
export interface PartitionGap {
  readonly partition: number;
  /** Owners before the cause and at the end. */
  readonly fromMember: number;
  readonly toMember: number;
  /** The last batch before, the first after. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Its owner stayed the same, but had given it back in between. */
  readonly stoppedThoughKept: boolean;
  readonly split: GapSplit;
}

/** Who held a partition's table, and when. `toMs` is undefined when it still does. */
export interface Ownership {
  readonly partition: number;
  readonly member: number;
  readonly fromMs: number;
  readonly toMs: number | undefined;
}

/**
 * Pure: the gap of every partition that was counted before the cause and after it.
 * @param events - of one group, in the order of their tickets
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
  // A partition that moved, or was given back, stood still when it was, and not when its owner was slow for another reason.
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

/** Pure: who held which table when. @param events - of one group, in the order of their tickets */
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
