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
import { counted } from '../../numbers.ts';

/**
 * Contiguous batches are merged into one piece. A partition with more pieces than this is not
 * judged.
 */
const piecesMax = 1 << 20;

export const gapFree: Check = {
  name: 'gap-free',
  code: 'V3',
  definition:
    'No record found by the independent reader lies outside the batches of its partition, and every batch counted exactly the records between its offsets. The reported lost ranges are exactly the records that were deleted before they were counted.',
  start: (context, report) => new Gaps(context, report),
};

/** Batches [first, last] that contain `records` records. */
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
    if (partitions === undefined) return { skipped: 'the topic was not reread' };
    let unjudged = 0;
    for (const partition of partitions) {
      if (this.#pieces.get(partition.partition).length > piecesMax) unjudged += 1;
      else this.#judge(partition);
    }
    return unjudged === 0 ? {} : { skipped: `too many gaps to judge in ${counted(unjudged, 'partition')}` };
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

  #judgeLost({ deleted, perhaps = [], reported }: NonNullable<Evidence['lost']>): void {
    const text = ({ partition, firstOffset, lastOffset }: LostRange): string =>
      `partition ${partition}: records ${firstOffset} to ${lastOffset}`;
    const isEndOf = (range: LostRange, whole: LostRange): boolean =>
      range.partition === whole.partition &&
      range.lastOffset === whole.lastOffset &&
      range.firstOffset >= whole.firstOffset;
    const mustBeKnown = reported.filter((range) => !perhaps.some((whole) => isEndOf(range, whole)));
    const [wereDeleted, wereReported] = [new Set(deleted.map(text)), new Set(mustBeKnown.map(text))];
    for (const range of wereDeleted) {
      if (!wereReported.has(range))
        this.#report({
          message: `${range} were deleted before they were counted, but not reported as lost`,
          tickets: [],
        });
    }
    for (const range of wereReported) {
      if (!wereDeleted.has(range))
        this.#report({ message: `${range} were reported as lost, but were not deleted`, tickets: [] });
    }
  }

  #judge({ partition, table, read }: PartitionEvidence): void {
    const data = new DataOffsets(read.ranges);
    let next = this.#context.beginOffsets[partition] ?? 0;
    let before = 0;
    const expectNone = (to: number, tickets: readonly number[]): void => {
      const missed = data.count(next, to);
      if (missed === 0) return;
      const message = `partition ${partition}: no batch contains ${counted(missed, 'record')} from offset ${data.first(next, to) ?? next} up to and excluding ${to}`;
      this.#report({ message, partition, tickets: tickets.filter((ticket) => ticket > 0) });
    };
    for (const { first, last, records, ticket } of this.#pieces.get(partition)) {
      expectNone(first, [before, ticket]);
      const there = data.count(first, last + 1);
      if (there !== records) {
        const message = `partition ${partition}: counted ${counted(records, 'record')} from offset ${first} to ${last}, where the topic has ${there}`;
        this.#report({ message, partition, tickets: [ticket] });
      }
      next = last + 1;
      before = ticket;
    }
    expectNone(table.nextOffset, [before]);
  }
}
