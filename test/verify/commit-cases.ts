import { type RecordedEvent, batch, totalsOf } from './known-history.ts';
import { acquired, assigned, commit, released, revoked, withPartition, type Cases } from './events.ts';

const committedTo = (committedOffset: number): ReturnType<typeof withPartition> =>
  withPartition({ table: { ...totalsOf(0, 9), nextOffset: 10 }, committedOffset });
const at = (events: RecordedEvent, atMs: number): RecordedEvent => ({ ...events, at: atMs });
const owned = [assigned(1), acquired(1, 1), batch(1, 1, 0, 9)];
const committed = [...owned, commit('commitSent', 1, 10), commit('commitOk', 1, 10)];
const failed = [...owned, at(commit('commitSent', 1, 10), 1_000), at(commit('commitFailed', 1, 10), 1_100)];
/** An event of another partition of the same member. */
const other = (events: RecordedEvent): RecordedEvent => ({ ...events, partition: 1 }) as RecordedEvent;

export const commitCases: Cases<'commit-order'> = {
  'commit-order': {
    bad: [
      { what: 'sent after the partition was revoked', events: [...owned, revoked(1), commit('commitSent', 1, 10)] },
      {
        what: 'sent after the partition was lost',
        events: [...owned, { ...revoked(1), type: 'lost' } as RecordedEvent, commit('commitSent', 1, 10)],
      },
      { what: 'sent out of order', events: [...committed, commit('commitSent', 1, 5)] },
      {
        what: 'two in flight',
        events: [...owned, at(commit('commitSent', 1, 5), 1_000), at(commit('commitSent', 1, 10), 1_200)],
      },
      {
        what: 'two in flight, of which the first is answered last',
        events: [
          ...owned,
          at(commit('commitSent', 1, 5), 1_000),
          at(commit('commitSent', 1, 10), 1_900),
          at(commit('commitOk', 1, 10), 1_950),
        ],
      },
      {
        what: 'a failed one that is forgotten',
        events: [...failed, at(released(1, 1), 1_300)],
        evidence: committedTo(5),
      },
      {
        what: 'a failed one that is forgotten, though another partition is committed',
        events: [
          ...failed,
          other(assigned(1)),
          at(other(commit('commitSent', 1, 7)), 1_200),
          at(released(1, 1), 1_300),
        ],
        evidence: committedTo(-1),
      },
    ],
    good: [
      { what: 'one after the other', events: [...committed, batch(1, 1, 10, 19), commit('commitSent', 1, 20)] },
      {
        what: 'of two partitions at once',
        events: [...owned, other(assigned(1)), commit('commitSent', 1, 10), other(commit('commitSent', 1, 3))],
      },
      {
        what: 'of two members at once',
        events: [...owned, assigned(2), commit('commitSent', 1, 10), commit('commitSent', 2, 10)],
      },
      { what: 'just before the partition is revoked', events: [...owned, commit('commitSent', 1, 10), revoked(1)] },
      {
        what: 'after the partition came back',
        events: [...owned, revoked(1), assigned(1), commit('commitSent', 1, 10)],
      },
      {
        what: 'the last one, behind one that was not answered for a second',
        events: [...owned, at(commit('commitSent', 1, 5), 1_000), at(commit('commitSent', 1, 10), 2_000)],
      },
      {
        what: 'a failed one that is repeated',
        events: [...failed, commit('commitSent', 1, 10), at(released(1, 1), 1_300)],
        evidence: committedTo(5),
      },
      {
        what: 'the last one, refused at once',
        events: [...failed, at(released(1, 1), 1_101)],
        evidence: committedTo(5),
      },
      {
        what: 'one that failed after the partition was released',
        events: [...owned, commit('commitSent', 1, 10), released(1, 1), at(commit('commitFailed', 1, 10), 1_500)],
        evidence: committedTo(5),
      },
      {
        what: 'a failed one that the next owner committed',
        events: [...failed, at(released(1, 1), 1_300), acquired(2, 2), assigned(2), commit('commitSent', 2, 10)],
        evidence: committedTo(10),
      },
    ],
  },
};
