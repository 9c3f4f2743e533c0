import { type RecordedEvent, batch, evidenceTo, totalsOf } from './known-history.ts';
import { acquired, assigned, p0, recovered, released, revoked, tenBatch, withPartition, type Cases } from './events.ts';

const fenced = (member: number, epoch: number): RecordedEvent => ({ type: 'fenced', member, ...p0, epoch });
const left = (member: number): RecordedEvent => ({ type: 'left', member });
const lostRange = { partition: 0, firstOffset: 20, lastOffset: 29 } as const;

export const ownershipCases: Cases<
  'history-complete' | 'exclusive-ownership' | 'group-view' | 'order-across-owners' | 'gap-free' | 'hand-over'
> = {
  'history-complete': {
    bad: [
      { what: 'rows that found the ring full', events: [{ type: 'rowsDropped', member: 1, rows: 1 }] },
      { what: 'and many of them', events: [acquired(1, 1), { type: 'rowsDropped', member: 2, rows: 500 }] },
    ],
    good: [{ what: 'none', events: tenBatch }],
  },
  'exclusive-ownership': {
    bad: [
      { what: 'acquired while another holds it', events: [acquired(1, 1), acquired(2, 2)] },
      { what: 'an epoch left out', events: [acquired(1, 1), released(1, 1), acquired(2, 3)] },
      { what: 'an epoch used twice', events: [acquired(1, 1), released(1, 1), acquired(2, 1)] },
      { what: 'a batch after the release', events: [acquired(1, 1), released(1, 1), batch(1, 1, 0, 9)] },
      {
        what: "a batch under the next owner's lease",
        events: [acquired(1, 1), released(1, 1), acquired(2, 2), batch(1, 1, 0, 9)],
      },
      {
        what: 'a batch with an earlier epoch of the same member',
        events: [acquired(1, 1), released(1, 1), acquired(1, 2), batch(1, 1, 0, 9)],
      },
      {
        what: 'a batch of a fenced member',
        events: [acquired(1, 1), fenced(1, 1), batch(1, 1, 0, 9)],
      },
      { what: 'a release by another', events: [acquired(1, 1), released(2, 1)] },
      {
        what: 'recovery of a lease that another holds',
        events: [acquired(1, 1), released(1, 1), acquired(2, 2), recovered(1, 1)],
      },
    ],
    good: [
      {
        what: 'hand-over',
        events: [acquired(1, 1), batch(1, 1, 0, 9), released(1, 1), acquired(2, 2), batch(2, 2, 10, 19)],
      },
      {
        what: 'a claim whose member ended before it recorded it',
        events: [acquired(1, 1), released(1, 1), recovered(2, 2), acquired(3, 3)],
      },
      {
        what: 'a release events but not done',
        events: [acquired(1, 1), released(1, 1), recovered(1, 1), acquired(2, 2)],
      },
      {
        what: 'fenced, then taken',
        events: [acquired(1, 1), fenced(1, 1), acquired(2, 2)],
      },
    ],
  },
  'group-view': { bad: [], good: [{ what: 'an overlap, which is only reported', events: [assigned(1), assigned(2)] }] },
  'order-across-owners': {
    bad: [
      { what: 'a batch twice', events: [batch(1, 1, 0, 9), batch(1, 1, 0, 9)] },
      { what: 'one offset twice, across owners', events: [batch(1, 1, 0, 9), batch(2, 2, 9, 12)] },
      { what: 'a step back', events: [batch(1, 1, 10, 19), batch(1, 1, 0, 9)] },
      { what: 'more records than offsets', events: [{ ...batch(1, 1, 0, 9), records: 11 } as RecordedEvent] },
      {
        what: 'advanced backwards',
        events: [batch(1, 1, 0, 9), { type: 'advanced', member: 1, ...p0, epoch: 1, nextOffset: 10 }],
      },
    ],
    good: [
      { what: 'one after the other, with a hole', events: [batch(1, 1, 0, 9), batch(2, 2, 12, 15)] },
      { what: 'fewer records than offsets', events: [{ ...batch(1, 1, 0, 9), records: 8 } as RecordedEvent] },
      {
        what: 'advanced by one',
        events: [batch(1, 1, 0, 9), { type: 'advanced', member: 1, ...p0, epoch: 1, nextOffset: 11 }],
      },
    ],
  },
  'gap-free': {
    bad: [
      {
        what: 'a record between two batches',
        events: [batch(1, 1, 0, 3), batch(1, 1, 5, 9)],
        evidence: evidenceTo(10),
      },
      { what: 'a record before the first', events: [batch(1, 1, 1, 9)], evidence: evidenceTo(10) },
      { what: 'a record behind the last', events: [batch(1, 1, 0, 8)], evidence: evidenceTo(10) },
      {
        what: 'a batch that counted one too few',
        events: [{ ...batch(1, 1, 0, 9), records: 9 } as RecordedEvent],
        evidence: evidenceTo(10),
      },
      {
        what: 'records deleted and not reported as lost',
        events: tenBatch,
        evidence: { ...evidenceTo(10), lost: { deleted: [lostRange], reported: [] } },
      },
      {
        what: 'one more record reported as lost than was deleted',
        events: tenBatch,
        evidence: { ...evidenceTo(10), lost: { deleted: [lostRange], reported: [{ ...lostRange, lastOffset: 30 }] } },
      },
      {
        what: 'more reported as lost than a member can have missed',
        events: tenBatch,
        evidence: {
          ...evidenceTo(10),
          lost: { deleted: [], perhaps: [lostRange], reported: [{ ...lostRange, firstOffset: 19 }] },
        },
      },
    ],
    good: [
      {
        what: 'events from where a member was that counted meanwhile',
        events: tenBatch,
        evidence: {
          ...evidenceTo(10),
          lost: { deleted: [], perhaps: [lostRange], reported: [{ ...lostRange, firstOffset: 25 }] },
        },
      },
      {
        what: 'what was deleted is what was events',
        events: tenBatch,
        evidence: { ...evidenceTo(10), lost: { deleted: [lostRange], reported: [lostRange] } },
      },
      {
        what: 'a hole where there are no records',
        events: [batch(1, 1, 0, 3), batch(1, 1, 5, 9)],
        evidence: withPartition({
          read: {
            ranges: [
              { begin: 0, end: 4 },
              { begin: 5, end: 10 },
            ],
            ...totalsOf(0, 9),
            records: 9,
          },
        }),
      },
    ],
  },
  'hand-over': {
    bad: [
      { what: 'given back without its table', events: [assigned(1), acquired(1, 1), revoked(1), fenced(1, 1)] },
      {
        what: 'lost, and known to be, without its table',
        events: [assigned(1), acquired(1, 1), { type: 'lost', member: 1, ...p0, generation: -1 }, fenced(1, 1)],
      },
      { what: 'left with a table', events: [acquired(1, 1), left(1), recovered(1, 1)] },
    ],
    good: [
      { what: 'given back with its table', events: [assigned(1), acquired(1, 1), revoked(1), released(1, 1), left(1)] },
      {
        what: 'taken from one that knows nothing yet',
        events: [assigned(1), acquired(1, 1), fenced(1, 1), revoked(1)],
      },
      {
        what: 'given back, come again, and taken then',
        events: [acquired(1, 1), revoked(1), released(1, 1), assigned(1), acquired(1, 2), fenced(1, 2)],
      },
      {
        what: 'ended on the way from the one to the other',
        events: [acquired(1, 1), revoked(1), { type: 'terminated', member: 1 }, fenced(1, 1)],
      },
      {
        what: 'dead while it left',
        events: [acquired(1, 1), revoked(1), { type: 'terminated', member: 1 }, recovered(1, 1)],
      },
    ],
  },
};
