import { type Told, batch, totalsOf } from './known-history.ts';
import { acquired, assigned, commit, released, revoked, withPartition, type Cases } from './told.ts';

const committedTo = (committedOffset: number): ReturnType<typeof withPartition> =>
  withPartition({ table: { ...totalsOf(0, 9), nextOffset: 10 }, committedOffset });
const at = (told: Told, atMs: number): Told => ({ ...told, at: atMs });
const owned = [assigned(1), acquired(1, 1), batch(1, 1, 0, 9)];
const committed = [...owned, commit('commitSent', 1, 10), commit('commitOk', 1, 10)];
const failed = [...owned, at(commit('commitSent', 1, 10), 1_000), at(commit('commitFailed', 1, 10), 1_100)];
/** Of another partition of the same member. */
const other = (told: Told): Told => ({ ...told, partition: 1 }) as Told;

export const commitCases: Cases<'commits'> = {
  commits: {
    bad: [
      { what: 'sent after the partition was revoked', told: [...owned, revoked(1), commit('commitSent', 1, 10)] },
      {
        what: 'sent after the partition was lost',
        told: [...owned, { ...revoked(1), type: 'lost' } as Told, commit('commitSent', 1, 10)],
      },
      { what: 'sent out of order', told: [...committed, commit('commitSent', 1, 5)] },
      {
        what: 'two in flight',
        told: [...owned, at(commit('commitSent', 1, 5), 1_000), at(commit('commitSent', 1, 10), 1_200)],
      },
      {
        what: 'two in flight, of which the first is answered last',
        told: [
          ...owned,
          at(commit('commitSent', 1, 5), 1_000),
          at(commit('commitSent', 1, 10), 1_900),
          at(commit('commitOk', 1, 10), 1_950),
        ],
      },
      {
        what: 'a failed one that is forgotten',
        told: [...failed, at(released(1, 1), 1_300)],
        evidence: committedTo(5),
      },
      {
        what: 'a failed one that is forgotten, though another partition is committed',
        told: [...failed, other(assigned(1)), at(other(commit('commitSent', 1, 7)), 1_200), at(released(1, 1), 1_300)],
        evidence: committedTo(-1),
      },
    ],
    good: [
      { what: 'one after the other', told: [...committed, batch(1, 1, 10, 19), commit('commitSent', 1, 20)] },
      {
        what: 'of two partitions at once',
        told: [...owned, other(assigned(1)), commit('commitSent', 1, 10), other(commit('commitSent', 1, 3))],
      },
      {
        what: 'of two members at once',
        told: [...owned, assigned(2), commit('commitSent', 1, 10), commit('commitSent', 2, 10)],
      },
      { what: 'just before the partition is revoked', told: [...owned, commit('commitSent', 1, 10), revoked(1)] },
      {
        what: 'after the partition came back',
        told: [...owned, revoked(1), assigned(1), commit('commitSent', 1, 10)],
      },
      {
        what: 'the last one, behind one that was not answered for a second',
        told: [...owned, at(commit('commitSent', 1, 5), 1_000), at(commit('commitSent', 1, 10), 2_000)],
      },
      {
        what: 'a failed one that is repeated',
        told: [...failed, commit('commitSent', 1, 10), at(released(1, 1), 1_300)],
        evidence: committedTo(5),
      },
      { what: 'the last one, refused at once', told: [...failed, at(released(1, 1), 1_101)], evidence: committedTo(5) },
      {
        what: 'one that failed after the partition was released',
        told: [...owned, commit('commitSent', 1, 10), released(1, 1), at(commit('commitFailed', 1, 10), 1_500)],
        evidence: committedTo(5),
      },
      {
        what: 'a failed one that the next owner committed',
        told: [...failed, at(released(1, 1), 1_300), acquired(2, 2), assigned(2), commit('commitSent', 2, 10)],
        evidence: committedTo(10),
      },
    ],
  },
};
