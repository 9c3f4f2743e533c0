import type { BatchAppliedEvent, HistoryEvent } from '../../history/event.ts';
import type {
  Check,
  CheckContext,
  CheckFold,
  Evidence,
  Judged,
  LostRange,
  PartitionEvidence,
  Violation,
} from '../check.ts';
import { DataOffsets } from '../data-offsets.ts';
import { PartitionMap } from '../partition-map.ts';

/** Batches that follow one another without a hole are kept as one. Beyond this many pieces a partition is not judged. */
const piecesMax = 1 << 20;

export const gapFree: Check = {
  id: 'V3',
  name: 'gap-free',
  definition:
    'No offset that holds a record, by the independent reader, lies between two batches of a partition, before the first or behind the last; and every batch counted as many records as there are between its offsets. What was deleted before it was counted is told, that exactly and nothing else.',
  start: (context, report) => new Gaps(context, report),
};

/** Batches [first, last] with `records` in them. */
interface Piece {
  readonly first: number;
  last: number;
  records: number;
  ticket: number;
}

class Gaps implements CheckFold {
  readonly #context: CheckContext;
  readonly #report: (violation: Violation) => void;
  readonly #pieces = new PartitionMap<Piece[]>(() => []);

  constructor(context: CheckContext, report: (violation: Violation) => void) {
    this.#context = context;
    this.#report = report;
  }

  add(event: HistoryEvent): void {
    if (event.type === 'batchApplied') this.#add(event);
  }

  finish({ partitions, lost }: Evidence): Judged {
    if (lost !== undefined) this.#judgeLost(lost);
    if (partitions === undefined) return { skipped: 'the topic was not read again' };
    let unjudged = 0;
    for (const partition of partitions) {
      if (this.#pieces.get(partition.partition).length > piecesMax) unjudged += 1;
      else this.#judge(partition);
    }
    return unjudged === 0 ? {} : { skipped: `${unjudged} partitions have more holes than can be kept` };
  }

  #add({ partition, firstOffset, lastOffset, records, ticket }: BatchAppliedEvent): void {
    const pieces = this.#pieces.get(partition);
    const piece = pieces.at(-1);
    const dense = records === lastOffset - firstOffset + 1;
    const follows = piece?.last === firstOffset - 1 && piece.records === piece.last - piece.first + 1;
    if (piece !== undefined && dense && follows) {
      piece.last = lastOffset;
      piece.records += records;
      piece.ticket = ticket;
    } else if (pieces.length <= piecesMax) {
      pieces.push({ first: firstOffset, last: lastOffset, records, ticket });
    }
  }

  #judgeLost({ deleted, perhaps = [], told }: NonNullable<Evidence['lost']>): void {
    const text = ({ partition, firstOffset, lastOffset }: LostRange): string =>
      `partition ${partition}: records ${firstOffset} to ${lastOffset}`;
    const isEndOf = (range: LostRange, whole: LostRange): boolean =>
      range.partition === whole.partition &&
      range.lastOffset === whole.lastOffset &&
      range.firstOffset >= whole.firstOffset;
    const mustBeKnown = told.filter((range) => !perhaps.some((whole) => isEndOf(range, whole)));
    const [wereDeleted, wereTold] = [new Set(deleted.map(text)), new Set(mustBeKnown.map(text))];
    for (const range of wereDeleted) {
      if (!wereTold.has(range))
        this.#report({ message: `${range} were deleted uncounted and not told as lost`, tickets: [] });
    }
    for (const range of wereTold) {
      if (!wereDeleted.has(range))
        this.#report({ message: `${range} were told as lost, which they are not`, tickets: [] });
    }
  }

  #judge({ partition, table, read }: PartitionEvidence): void {
    const data = new DataOffsets(read.ranges);
    let next = this.#context.beginOffsets[partition] ?? 0;
    let before = 0;
    const expectNone = (to: number, tickets: readonly number[]): void => {
      const missed = data.count(next, to);
      if (missed === 0) return;
      const message = `partition ${partition}: ${missed} records from offset ${data.first(next, to) ?? next} to below ${to} are in no batch`;
      this.#report({ message, partition, tickets: tickets.filter((ticket) => ticket > 0) });
    };
    for (const { first, last, records, ticket } of this.#pieces.get(partition)) {
      expectNone(first, [before, ticket]);
      const there = data.count(first, last + 1);
      if (there !== records) {
        const message = `partition ${partition}: ${records} records counted from offset ${first} to ${last}, where there are ${there}`;
        this.#report({ message, partition, tickets: [ticket] });
      }
      next = last + 1;
      before = ticket;
    }
    expectNone(table.nextOffset, [before]);
  }
}
