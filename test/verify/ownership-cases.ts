import { type Told, batch, evidenceTo, totalsOf } from './known-history.ts';
import { acquired, assigned, p0, recovered, released, revoked, tenBatch, withPartition, type Cases } from './told.ts';

const fenced = (member: number, epoch: number): Told => ({ type: 'fenced', member, ...p0, epoch });
const left = (member: number): Told => ({ type: 'left', member });
const lostRange = { partition: 0, firstOffset: 20, lastOffset: 29 } as const;

export const ownershipCases: Cases<'H' | 'V1' | 'V1k' | 'V2' | 'V3' | 'handover'> = {
  H: {
    bad: [
      { what: 'rows that found the ring full', told: [{ type: 'rowsDropped', member: 1, rows: 1 }] },
      { what: 'and many of them', told: [acquired(1, 1), { type: 'rowsDropped', member: 2, rows: 500 }] },
    ],
    good: [{ what: 'none', told: tenBatch }],
  },
  V1: {
    bad: [
      { what: 'acquired while another holds it', told: [acquired(1, 1), acquired(2, 2)] },
      { what: 'an epoch left out', told: [acquired(1, 1), released(1, 1), acquired(2, 3)] },
      { what: 'an epoch used twice', told: [acquired(1, 1), released(1, 1), acquired(2, 1)] },
      { what: 'a batch after the release', told: [acquired(1, 1), released(1, 1), batch(1, 1, 0, 9)] },
      {
        what: "a batch under the next owner's lease",
        told: [acquired(1, 1), released(1, 1), acquired(2, 2), batch(1, 1, 0, 9)],
      },
      {
        what: 'a batch with an old epoch of its own',
        told: [acquired(1, 1), released(1, 1), acquired(1, 2), batch(1, 1, 0, 9)],
      },
      {
        what: 'a batch of a fenced member',
        told: [acquired(1, 1), fenced(1, 1), batch(1, 1, 0, 9)],
      },
      { what: 'a release by another', told: [acquired(1, 1), released(2, 1)] },
      {
        what: 'recovery of a lease that another holds',
        told: [acquired(1, 1), released(1, 1), acquired(2, 2), recovered(1, 1)],
      },
    ],
    good: [
      {
        what: 'hand-over',
        told: [acquired(1, 1), batch(1, 1, 0, 9), released(1, 1), acquired(2, 2), batch(2, 2, 10, 19)],
      },
      {
        what: 'a claim that its member did not live to tell',
        told: [acquired(1, 1), released(1, 1), recovered(2, 2), acquired(3, 3)],
      },
      { what: 'a release told but not done', told: [acquired(1, 1), released(1, 1), recovered(1, 1), acquired(2, 2)] },
      {
        what: 'fenced, then taken',
        told: [acquired(1, 1), fenced(1, 1), acquired(2, 2)],
      },
    ],
  },
  V1k: { bad: [], good: [{ what: 'an overlap, which is only reported', told: [assigned(1), assigned(2)] }] },
  V2: {
    bad: [
      { what: 'a batch twice', told: [batch(1, 1, 0, 9), batch(1, 1, 0, 9)] },
      { what: 'one offset twice, across owners', told: [batch(1, 1, 0, 9), batch(2, 2, 9, 12)] },
      { what: 'a step back', told: [batch(1, 1, 10, 19), batch(1, 1, 0, 9)] },
      { what: 'more records than offsets', told: [{ ...batch(1, 1, 0, 9), records: 11 } as Told] },
      {
        what: 'advanced backwards',
        told: [batch(1, 1, 0, 9), { type: 'advanced', member: 1, ...p0, epoch: 1, nextOffset: 10 }],
      },
    ],
    good: [
      { what: 'one after the other, with a hole', told: [batch(1, 1, 0, 9), batch(2, 2, 12, 15)] },
      { what: 'fewer records than offsets', told: [{ ...batch(1, 1, 0, 9), records: 8 } as Told] },
      {
        what: 'advanced by one',
        told: [batch(1, 1, 0, 9), { type: 'advanced', member: 1, ...p0, epoch: 1, nextOffset: 11 }],
      },
    ],
  },
  V3: {
    bad: [
      { what: 'a record between two batches', told: [batch(1, 1, 0, 3), batch(1, 1, 5, 9)], evidence: evidenceTo(10) },
      { what: 'a record before the first', told: [batch(1, 1, 1, 9)], evidence: evidenceTo(10) },
      { what: 'a record behind the last', told: [batch(1, 1, 0, 8)], evidence: evidenceTo(10) },
      {
        what: 'a batch that counted one too few',
        told: [{ ...batch(1, 1, 0, 9), records: 9 } as Told],
        evidence: evidenceTo(10),
      },
      {
        what: 'records deleted and not told as lost',
        told: tenBatch,
        evidence: { ...evidenceTo(10), lost: { deleted: [lostRange], told: [] } },
      },
      {
        what: 'one more record told as lost than was deleted',
        told: tenBatch,
        evidence: { ...evidenceTo(10), lost: { deleted: [lostRange], told: [{ ...lostRange, lastOffset: 30 }] } },
      },
      {
        what: 'more told as lost than a member can have missed',
        told: tenBatch,
        evidence: {
          ...evidenceTo(10),
          lost: { deleted: [], perhaps: [lostRange], told: [{ ...lostRange, firstOffset: 19 }] },
        },
      },
    ],
    good: [
      {
        what: 'told from where a member was that counted meanwhile',
        told: tenBatch,
        evidence: {
          ...evidenceTo(10),
          lost: { deleted: [], perhaps: [lostRange], told: [{ ...lostRange, firstOffset: 25 }] },
        },
      },
      {
        what: 'what was deleted is what was told',
        told: tenBatch,
        evidence: { ...evidenceTo(10), lost: { deleted: [lostRange], told: [lostRange] } },
      },
      {
        what: 'a hole where there are no records',
        told: [batch(1, 1, 0, 3), batch(1, 1, 5, 9)],
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
  handover: {
    bad: [
      { what: 'given back without its table', told: [assigned(1), acquired(1, 1), revoked(1), fenced(1, 1)] },
      {
        what: 'lost, and known to be, without its table',
        told: [assigned(1), acquired(1, 1), { type: 'lost', member: 1, ...p0, generation: -1 }, fenced(1, 1)],
      },
      { what: 'left with a table', told: [acquired(1, 1), left(1), recovered(1, 1)] },
    ],
    good: [
      { what: 'given back with its table', told: [assigned(1), acquired(1, 1), revoked(1), released(1, 1), left(1)] },
      { what: 'taken from one that knows nothing yet', told: [assigned(1), acquired(1, 1), fenced(1, 1), revoked(1)] },
      {
        what: 'given back, come again, and taken then',
        told: [acquired(1, 1), revoked(1), released(1, 1), assigned(1), acquired(1, 2), fenced(1, 2)],
      },
      {
        what: 'ended on the way from the one to the other',
        told: [acquired(1, 1), revoked(1), { type: 'terminated', member: 1 }, fenced(1, 1)],
      },
      {
        what: 'dead while it left',
        told: [acquired(1, 1), revoked(1), { type: 'terminated', member: 1 }, recovered(1, 1)],
      },
    ],
  },
};
